/**
 * Installs the programs that tests drive, with apt, where they are missing. Quick when all are there.
 * Usage: node scripts/set-up.mjs
 */
import { accessSync, constants, realpathSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { main, run, StepError, step } from './steps/process.mjs'

/** Program → Debian's package that has it. */
const PROGRAMS = {
  chromium: 'chromium',
  'redis-server': 'redis-server',
  ffmpeg: 'ffmpeg',
  nft: 'nftables',
  ip: 'iproute2',
  openssl: 'openssl',
}

/** Where administrators' programs live, which is not on everybody's PATH. */
const MORE_PATHS = ['/usr/sbin', '/sbin']

export async function setUpPrograms() {
  const packages = Object.entries(PROGRAMS)
    .filter(([program]) => !isThere(program))
    .map(([, name]) => name)
  if (packages.length === 0) return
  const byHand = `Install them and try again: ${packages.join(' ')}`
  if (!isThere('apt-get')) throw new StepError(`Tests need programs that are missing here. ${byHand}`)
  const [command, ...prefix] = [...(await rootPrefix(byHand)), 'apt-get']
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  await step('Reading the lists of packages', command, [...prefix, 'update'], { env })
  const install = [...prefix, 'install', '--yes', '--no-install-recommends', ...packages]
  await step(`Installing ${packages.join(', ')}`, command, install, { env })
}

/** What stands before a command that only root may run; nothing for root itself. */
async function rootPrefix(byHand) {
  if (process.getuid() === 0) return []
  const sudo = isThere('sudo') && (await run('sudo', ['--non-interactive', 'true'])).code === 0
  if (!sudo) throw new StepError(`Tests need programs that only root may install here. ${byHand}`)
  return ['sudo', '--non-interactive', '--preserve-env=DEBIAN_FRONTEND']
}

function isThere(program) {
  const folders = [...(process.env.PATH ?? '').split(delimiter), ...MORE_PATHS]
  return folders.some((folder) => isExecutable(join(folder, program)))
}

function isExecutable(file) {
  try {
    accessSync(file, constants.X_OK)
    return true
  } catch {
    return false
  }
}

if (process.argv[1] && realpathSync(process.argv[1]) === import.meta.filename) await main(setUpPrograms)
