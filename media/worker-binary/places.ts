import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { dirname, join, relative } from 'node:path'

/** Folder, within the project, of the script that compiles the worker and all that it uses. */
const SCRIPT_DIR = join('scripts', 'media-worker')

/**
 * The script's folder, looked for upwards from `from` (a source file's folder, or that of the bundle); undefined where the
 * program was installed without it.
 */
export function findScriptDir(from: string): string | undefined {
  for (let dir = from; ; dir = dirname(dir)) {
    if (existsSync(join(dir, SCRIPT_DIR, 'build.sh'))) return join(dir, SCRIPT_DIR)
    if (dirname(dir) === dir) return undefined
  }
}

/** The file that holds a binary of this version, made by a script of this content, for this machine's user. */
export function cachedBinary(
  cacheHome: string | undefined,
  version: string,
  scriptDir: string | undefined,
): string {
  const key = `${version}-${scriptDir ? hashOf(scriptDir) : 'prebuilt'}`
  return join(cacheHome ?? join(homedir(), '.cache'), 'social-flow', 'media-worker', key, 'mediasoup-worker')
}

/** Changes with every byte and name under the folder: 12 hex digits, enough to tell a handful of versions apart. */
function hashOf(dir: string): string {
  const hash = createHash('sha256')
  const files = readdirSync(dir, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort()
  for (const file of files)
    hash.update(relative(dir, file)).update('\0').update(readFileSync(file)).update('\0')
  return hash.digest('hex').slice(0, 12)
}

export type Machine = { platform: string; arch: string; kernelRelease: string }

/** Where mediasoup publishes its own binary of a version, named as its install script (npm-scripts.mjs) names it. */
export function prebuiltUrl(version: string, machine: Machine): string {
  const kernel = machine.platform === 'linux' ? `-kernel${machine.kernelRelease.split('.')[0]}` : ''
  const file = `mediasoup-worker-${version}-${machine.platform}-${machine.arch}${kernel}.tgz`
  return `https://github.com/versatica/mediasoup/releases/download/${version}/${file}`
}
