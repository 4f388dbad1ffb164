import { createVerify, generateKeyPairSync } from 'node:crypto'
import { expect, test } from 'vitest'
import { createCdnCookies } from './cdn-cookies.ts'

const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
const pem = privateKey.export({ type: 'pkcs8', format: 'pem' })
const NOW_MS = 1_800_000_000_500
const LIFE_MS = 300_000

const cookiesOf = (changes: Partial<Parameters<typeof createCdnCookies>[0]> = {}) =>
  createCdnCookies({
    ...{ cdnUrl: 'https://media.example.com', keyPairId: 'K123', privateKeyPem: pem },
    ...{ cookieDomain: 'example.com', clock: { nowMs: () => NOW_MS }, lifeMs: LIFE_MS, ...changes },
  })

test('a folder is opened by a signed policy, in cookies that go there alone', () => {
  const { baseUrl, expiresAt, cookies } = cookiesOf().sign('videos/v/r/play/')
  expect(baseUrl).toBe('https://media.example.com/videos/v/r/play/')
  expect(expiresAt).toBe(1_800_000_600_000)
  const values = Object.fromEntries(cookies.map((cookie) => cookie.split(';')[0]?.split(/=(.*)/s) ?? []))
  const bytes = (name: string) =>
    Buffer.from(values[name].replaceAll('-', '+').replaceAll('_', '=').replaceAll('~', '/'), 'base64')
  const policy = bytes('CloudFront-Policy')
  // Without a space, as CloudFront compares what was signed byte by byte.
  expect(policy.toString()).toBe(
    '{"Statement":[{"Resource":"https://media.example.com/videos/v/r/play/*",' +
      '"Condition":{"DateLessThan":{"AWS:EpochTime":1800000600}}}]}',
  )
  expect(createVerify('RSA-SHA1').update(policy).verify(publicKey, bytes('CloudFront-Signature'))).toBe(true)
  expect(values['CloudFront-Key-Pair-Id']).toBe('K123')
  for (const cookie of cookies) {
    expect(cookie.split(';')[0]).toMatch(/^[\w-]+=[\w~-]+$/)
    expect(cookie).toContain(
      '; Max-Age=600; Domain=example.com; Path=/videos/v/r/play/; HttpOnly; Secure; SameSite=None; Partitioned',
    )
  }
})

test('who asks within the same step gets the same cookies, so that two windows do not end each other’s', () => {
  const later = { nowMs: () => NOW_MS + LIFE_MS - 1000 }
  const values = (cookies: readonly string[]) => cookies.map((cookie) => cookie.split(';')[0])
  const first = cookiesOf().sign('videos/v/r/play/')
  const second = cookiesOf({ clock: later }).sign('videos/v/r/play/')
  expect(values(second.cookies)).toEqual(values(first.cookies))
})

test('without a domain the cookies are of the host that sets them', () => {
  for (const cookie of cookiesOf({ cookieDomain: undefined }).sign('videos/v/r/play/').cookies)
    expect(cookie).not.toContain('Domain')
})

test('a key that is none of RSA is refused at the start', () => {
  const other = generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' })
  for (const privateKeyPem of [other, 'no key', '']) expect(() => cookiesOf({ privateKeyPem })).toThrow(Error)
})
