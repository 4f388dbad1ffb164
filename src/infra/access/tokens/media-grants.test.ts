import { createSigner } from 'fast-jwt'
import { describe, expect, it } from 'vitest'
import { createMediaGrants } from './media-grants.ts'
import { createSocketTokens } from './socket-tokens.ts'

const SECRET = 'a secret of at least thirty-two characters'
const VIDEO = '0193a5c0-0000-7000-8000-000000000001'
const START_MS = 1_800_000_000_500
const LIFE_MS = 300_000
const WHO = { viewerId: 'a1', country: 'DE' }

function setUp(secretKey = SECRET) {
  const clock = { now: START_MS, nowMs: () => clock.now }
  return { clock, grants: createMediaGrants({ secretKey, clock, lifeMs: LIFE_MS }) }
}

describe('media grants', () => {
  it('say who plays what, and fit into a path', () => {
    const { grants } = setUp()
    const { grant, expiresAt } = grants.sign({ ...WHO, videoId: VIDEO })
    expect(grants.verify(grant)).toEqual({ ...WHO, videoId: VIDEO, expiresAt })
    expect(grant).toMatch(/^[\w.-]{1,300}$/)
    const anonymous = grants.sign({ viewerId: undefined, country: undefined, videoId: VIDEO })
    expect(grants.verify(anonymous.grant)).toMatchObject({ viewerId: undefined, videoId: VIDEO })
  })

  it('end at the time they were answered with, also where the clock was set back', () => {
    const { grants, clock } = setUp()
    const { grant, expiresAt } = grants.sign({ ...WHO, videoId: VIDEO })
    expect(expiresAt).toBeGreaterThan(START_MS + LIFE_MS)
    expect(expiresAt).toBeLessThanOrEqual(START_MS + 2 * LIFE_MS)
    clock.now = expiresAt - 1
    expect(grants.verify(grant).videoId).toBe(VIDEO)
    clock.now = expiresAt
    expect(() => grants.verify(grant)).toThrow(expect.objectContaining({ code: 'token_expired' }))
    clock.now = START_MS - 3_600_000
    expect(() => grants.verify(grant)).toThrow(expect.objectContaining({ code: 'token_expired' }))
  })

  it('are the same for some minutes, and live for as long at least', () => {
    const { grants, clock } = setUp()
    clock.now = 1_800_000_000_000
    const first = grants.sign({ ...WHO, videoId: VIDEO })
    clock.now += 299_000
    expect(grants.sign({ ...WHO, videoId: VIDEO })).toEqual(first)
    expect(first.expiresAt - clock.now).toBeGreaterThan(300_000)
    clock.now += 1000
    expect(grants.sign({ ...WHO, videoId: VIDEO }).expiresAt).toBe(first.expiresAt + 300_000)
  })

  it('are refused when they are of another secret, altered, of another purpose or none at all', async () => {
    const { grants, clock } = setUp()
    const { grant } = grants.sign({ ...WHO, videoId: VIDEO })
    const exp = Math.floor(START_MS / 1000) + 60
    const claims = { exp, v: VIDEO, u: 'a1' }
    const [head, body, seal] = grant.split('.') as [string, string, string]
    const other = Buffer.from(JSON.stringify({ ...claims, u: 'a2' })).toString('base64url')
    const socket = await createSocketTokens({ secretKey: SECRET, clock }).sign({ id: 'a1' })
    for (const bad of [
      setUp(`${SECRET}!`).grants.sign({ ...WHO, videoId: VIDEO }).grant,
      createSigner({ key: SECRET, aud: 'social-flow/media' })(claims),
      `${Buffer.from('{"alg":"none"}').toString('base64url')}.${body}.`,
      `${head}.${other}.${seal}`,
      socket.token,
      '',
      'public',
      'x'.repeat(5000),
    ]) {
      expect(() => grants.verify(bad), bad).toThrow(expect.objectContaining({ code: 'token_expired' }))
    }
  })
})
