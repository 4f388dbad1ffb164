import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { chown } from 'node:fs/promises'
import { dirname } from 'node:path'
import { promisify } from 'node:util'
import { StartError } from '../../core/running/start-error.ts'

/** Starts a program of PostgreSQL as somebody whom PostgreSQL accepts; `giveTo` hands that user a file or folder. */
type Launch = {
  (program: string, args: readonly string[]): ChildProcess
  giveTo(path: string): Promise<void>
}

const run = promisify(execFile)
/** Where setpriv and unshare (util-linux) are; the rest of our environment is none of PostgreSQL's business. */
const SYSTEM_PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'
/** Debian's `nobody`; used only where root can't make a user namespace. */
const NOBODY_ID = 65_534

/**
 * PostgreSQL refuses to run as root. A normal user just starts it; root starts it in a user namespace in which root
 * counts as user 1000 (files stay root's), or, where the system allows none (some containers), as `nobody`.
 * The program gets a process group of its own, so that Ctrl-C reaches us and not it, and SIGINT when we die.
 */
export async function launcher({ binDir, dir }: { binDir: string; dir: string }): Promise<Launch> {
  const dying = (await works('setpriv', ['--pdeathsig', 'INT', 'true']))
    ? ['setpriv', '--pdeathsig', 'INT']
    : []
  const prefix =
    process.getuid?.() === 0 ? await asRoot({ binDir, dir, dying }) : { words: dying, ownerId: undefined }
  const launch = (program: string, args: readonly string[]) => {
    const [first, ...rest] = [...prefix.words, program, ...args]
    return spawn(first ?? program, rest, {
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
      cwd: '/',
      env: { PATH: SYSTEM_PATH, LANG: 'C', LC_ALL: 'C', TZ: 'UTC' },
    })
  }
  const giveTo = async (path: string) => {
    if (prefix.ownerId !== undefined) await chown(path, prefix.ownerId, prefix.ownerId)
  }
  return Object.assign(launch, { giveTo })
}

async function asRoot({ binDir, dir, dying }: { binDir: string; dir: string; dying: readonly string[] }) {
  const namespace = ['unshare', '--user', '--map-user=1000', '--map-group=1000']
  if (await works(namespace[0] as string, [...namespace.slice(1), 'true'])) {
    return { words: [...namespace, ...dying], ownerId: undefined }
  }
  const drop = [
    'setpriv',
    `--reuid=${NOBODY_ID}`,
    `--regid=${NOBODY_ID}`,
    '--clear-groups',
    '--pdeathsig',
    'INT',
  ]
  for (const path of [binDir, dirname(dir)]) {
    if (await works('setpriv', [...drop.slice(1), 'test', '-x', path])) continue
    throw new StartError(
      `PostgreSQL does not run as root, this system allows no user namespaces, and ${path} can't be entered by others: run as a normal user, or set DATABASE_URL.`,
    )
  }
  return { words: drop, ownerId: NOBODY_ID }
}

const works = (program: string, args: readonly string[]): Promise<boolean> =>
  run(program, args).then(
    () => true,
    () => false,
  )
