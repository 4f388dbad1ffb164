import { createHash, randomBytes } from 'node:crypto'
import { generateSecret, generateURI, verify } from 'otplib'
import { SECOND_MS } from '../../core/time.ts'

/** What every authenticator app assumes (RFC 6238): codes of six digits, a new one each half minute. */
const STEP_SECONDS = 30
/** One step to either side: clocks differ, and people type slowly (RFC 6238, 5.2). */
const TOLERANCE_SECONDS = 30
/** A row of ten is what people know from elsewhere, and fits on a slip of paper. */
const BACKUP_CODES = 10
/** 80 bits each, so that a stolen table of plain hashes can't be searched through. */
const BACKUP_CODE_BYTES = 10
/** Base 32 as Crockford has it: no letters that look like digits. */
const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz'

/** A new secret for an authenticator app, in base 32 as people may have to type it. */
export const makeTotpSecret = (): string => generateSecret()

/** What the app reads from the QR code. */
export const totpUri = (secret: string, label: string): string =>
  generateURI({ issuer: 'Social Flow', label, secret })

/** The time step of a right code that is newer than `lastStep`; undefined for any other code. */
export async function totpStep(
  secret: string,
  code: string,
  nowMs: number,
  lastStep: number | undefined,
): Promise<number | undefined> {
  const epoch = Math.floor(nowMs / SECOND_MS)
  const result = await verify({
    ...{ secret, token: code, epoch, epochTolerance: TOLERANCE_SECONDS },
    ...(lastStep !== undefined && { afterTimeStep: lastStep }),
  })
  if (!result.valid) return undefined
  return Math.floor(epoch / STEP_SECONDS) + result.delta
}

/** Fresh backup codes as they are shown (`4f7k-…`, four groups of four), and the hashes under which they are stored. */
export function makeBackupCodes(): { codes: string[]; hashes: string[] } {
  const codes = Array.from({ length: BACKUP_CODES }, makeBackupCode)
  return { codes, hashes: codes.map(hashBackupCode) }
}

function makeBackupCode(): string {
  let bits = BigInt(`0x${randomBytes(BACKUP_CODE_BYTES).toString('hex')}`)
  let text = ''
  for (let i = 0; i < 16; i++) {
    text += ALPHABET[Number(bits & 31n)]
    bits >>= 5n
  }
  return text.replace(/(.{4})(?!$)/g, '$1-')
}

/** However it was typed: case, dashes and spaces do not count. */
export const hashBackupCode = (code: string): string =>
  createHash('sha256')
    .update(code.toLowerCase().replace(/[^0-9a-z]/g, ''))
    .digest('hex')
