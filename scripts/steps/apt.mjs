import { accessSync, constants } from 'node:fs'
import { delimiter, join } from 'node:path'
import { run, step } from './process.mjs'

/** Where administrators' programs live, which is not on everybody's PATH. */
const MORE_PATHS = ['/usr/sbin', '/sbin']

/** Whether a program can be run here by its name. */
export function isThere(program) {
  const folders = [...(process.env.PATH ?? '').split(delimiter), ...MORE_PATHS]
  return folders.some((folder) => isExecutable(join(folder, program)))
}

/** Installs Debian's packages. Answers why that can't be done here, if so; throws where apt fails. */
export async function installWithApt(packages) {
  if (!isThere('apt-get')) return 'there is no apt-get'
  const prefix = await rootPrefix()
  if (!prefix) return 'only root may install'
  const [command, ...rest] = [...prefix, 'apt-get']
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  await step('Reading the lists of packages', command, [...rest, 'update'], { env })
  const install = [...rest, 'install', '--yes', '--no-install-recommends', ...packages]
  await step(`Installing ${packages.join(', ')}`, command, install, { env })
}

/** What stands before a command that only root may run: nothing for root itself; undefined for who can't become root. */
async function rootPrefix() {
  if (process.getuid() === 0) return []
  const sudo = isThere('sudo') && (await run('sudo', ['--non-interactive', 'true'])).code === 0
  return sudo ? ['sudo', '--non-interactive', '--preserve-env=DEBIAN_FRONTEND'] : undefined
}

function isExecutable(file) {
  try {
    accessSync(file, constants.X_OK)
    return true
  } catch {
    return false
  }
}
