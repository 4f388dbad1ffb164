/**
 * Installs the programs that tests drive, with apt, where they are missing. Quick when all are there.
 * Usage: node scripts/set-up.mjs
 */
import { realpathSync } from 'node:fs'
import { installWithApt, isThere } from './steps/apt.mjs'
import { main, StepError } from './steps/process.mjs'

/** Program → Debian's package that has it. */
const PROGRAMS = {
  chromium: 'chromium',
  'redis-server': 'redis-server',
  ffmpeg: 'ffmpeg',
  nft: 'nftables',
  ip: 'iproute2',
  openssl: 'openssl',
}

export async function setUpPrograms() {
  const packages = Object.entries(PROGRAMS)
    .filter(([program]) => !isThere(program))
    .map(([, name]) => name)
  if (packages.length === 0) return
  const byHand = `Install them and try again: ${packages.join(' ')}`
  const refusal = await installWithApt(packages)
  if (refusal) throw new StepError(`Tests need programs that are missing here; ${refusal}. ${byHand}`)
}

if (process.argv[1] && realpathSync(process.argv[1]) === import.meta.filename) await main(setUpPrograms)
