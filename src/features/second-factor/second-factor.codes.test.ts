import { generate } from 'otplib'
import { describe, expect, it } from 'vitest'
import { hashBackupCode, makeBackupCodes, makeTotpSecret, totpStep, totpUri } from './second-factor.codes.ts'

const NOW_MS = 1_800_000_015_000
const STEP = 60_000_000
const codeAt = (secret: string, ms: number) => generate({ secret, epoch: Math.floor(ms / 1000) })

describe('a code of an authenticator app', () => {
  const secret = makeTotpSecret()

  it('is right within its half minute and one to either side', async () => {
    expect(await totpStep(secret, await codeAt(secret, NOW_MS), NOW_MS, undefined)).toBe(STEP)
    expect(await totpStep(secret, await codeAt(secret, NOW_MS - 30_000), NOW_MS, undefined)).toBe(STEP - 1)
    expect(await totpStep(secret, await codeAt(secret, NOW_MS + 30_000), NOW_MS, undefined)).toBe(STEP + 1)
    expect(await totpStep(secret, await codeAt(secret, NOW_MS - 90_000), NOW_MS, undefined)).toBeUndefined()
    expect(await totpStep(secret, await codeAt(secret, NOW_MS + 90_000), NOW_MS, undefined)).toBeUndefined()
  })

  it('is right only once, and so is every one before it', async () => {
    const [before, now] = [await codeAt(secret, NOW_MS - 30_000), await codeAt(secret, NOW_MS)]
    expect(await totpStep(secret, now, NOW_MS, STEP)).toBeUndefined()
    expect(await totpStep(secret, before, NOW_MS, STEP)).toBeUndefined()
    expect(await totpStep(secret, now, NOW_MS, STEP - 1)).toBe(STEP)
  })

  it('follows the vector of RFC 6238', async () => {
    // Base 32 of the ASCII secret 12345678901234567890; at 59 s its six digits are 287082.
    expect(await totpStep('GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ', '287082', 59_000, undefined)).toBe(1)
  })

  it('is offered to the app under the name of the account', () => {
    expect(totpUri(secret, 'alice')).toBe(
      `otpauth://totp/Social%20Flow:alice?secret=${secret}&issuer=Social%20Flow`,
    )
  })
})

describe('backup codes', () => {
  it('are ten that differ, and are recognised however they are typed', () => {
    const { codes, hashes } = makeBackupCodes()
    expect(new Set(codes).size).toBe(10)
    for (const code of codes) expect(code).toMatch(/^[0-9a-z]{4}(-[0-9a-z]{4}){3}$/)
    const [first = ''] = codes
    expect(hashBackupCode(` ${first.toUpperCase().replaceAll('-', ' ')} `)).toBe(hashes[0])
    expect(new Set([...hashes, ...codes]).size).toBe(20)
  })
})
