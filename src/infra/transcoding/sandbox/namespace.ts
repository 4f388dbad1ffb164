/**
 * Inside of namespaces of its own, a program finds no network and a file system of its own making: the system's programs
 * and libraries, the one source, both read-only, and the folder of its job. It runs without any privilege there.
 * The words before the script: `setpriv` ties the life of all this to ours, also where we are killed, and comes behind the
 * user namespace, whose making would undo that; the namespace of processes ends with its first one.
 * `/sys` is only a folder that is there on every Linux and that nothing here needs: what is mounted on it is seen by nobody else.
 */
const SCRIPT = `
root=/sys; dir=$1; source=$2; tool=$3; shift 3
mount -t tmpfs -o size=1m,mode=755 tmpfs "$root"
for path in /usr /bin /lib /lib64 /etc/alternatives /etc/ld.so.cache /dev/null /dev/urandom "$tool" "$source"; do
  if [ ! -e "$path" ] || [ -e "$root$path" ]; then continue; fi
  if [ -d "$path" ]; then mkdir -p "$root$path"; else mkdir -p "$root\${path%/*}"; : > "$root$path"; fi
  mount --rbind "$path" "$root$path"
  case $path in /dev/*) ;; *) mount -o remount,bind,ro,nosuid,nodev "$root$path" ;; esac
done
mkdir -p "$root$dir"
mount --bind "$dir" "$root$dir"
mount -o remount,bind,ro,nosuid,nodev "$root"
exec chroot "$root" /usr/bin/env -C "$dir" setpriv --no-new-privs --bounding-set=-all --inh-caps=-all -- "$tool" "$@"
`

/** The command that runs `tool` in there; `dir` and `source` keep their absolute paths. Without a source, it sees none. */
export const inNamespace = (tool: string, { dir, source }: { dir: string; source?: string | undefined }) => [
  ...['unshare', '--user', '--map-root-user', 'setpriv', '--pdeathsig', 'KILL'],
  ...['unshare', '--net', '--ipc', '--uts', '--mount', '--pid', '--fork', '--kill-child'],
  ...['sh', '-eu', '-c', SCRIPT, 'sandbox', dir, source ?? '/dev/null', tool],
]

/** Without namespaces: only the tie to our life. */
export const inTheOpen = (tool: string) => ['setpriv', '--pdeathsig', 'KILL', '--no-new-privs', '--', tool]
