import { existsSync, lstatSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { ROOT, StepError, step } from './process.mjs'

/**
 * Makes node_modules what package-lock.json says, and does nothing where it is already. No package's install script
 * runs: mediasoup's would download or compile its worker, which the media role does later and in the background;
 * the links that the one of the PostgreSQL binaries makes are made when the database starts; the others only check.
 */
export async function installPackages() {
  if (isInstalled()) return
  // npm would empty the folder behind the link, which another working tree lives from.
  const link = lstatSync(join(ROOT, 'node_modules'), { throwIfNoEntry: false })
  if (link?.isSymbolicLink())
    throw new StepError('node_modules is a link to packages of another version. Remove it and try again.')
  // NODE_ENV=production would leave out the builders.
  const args = ['ci', '--ignore-scripts', '--include=dev', '--no-audit', '--no-fund']
  await step('Installing packages (once, about a minute)', 'npm', args)
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
