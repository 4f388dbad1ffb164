import { createSigner } from 'fast-jwt'
import { describe, expect, it } from 'vitest'
import type { Viewer } from '../../../core/viewer.ts'
import { createSocketTokens } from './socket-tokens.ts'

const SECRET = 'a secret of at least thirty-two characters'
const START_MS = 1_800_000_000_500

const member: Viewer = {
  id: 'a1',
  account: { id: 'a1', handle: 'alice', displayName: 'Alice', role: 'member' },
  loginSessionId: 's1',
}

function setUp(secretKey = SECRET) {
  const clock = { now: START_MS, nowMs: () => clock.now }
  return { clock, tokens: createSocketTokens({ secretKey, clock }) }
}

describe('socket tokens', () => {
  it('give back the viewer they were made for', async () => {
    const { tokens } = setUp()
    expect(await tokens.verify((await tokens.sign(member)).token)).toEqual(member)
    expect(await tokens.verify((await tokens.sign({ id: 'anon:x' })).token)).toEqual({ id: 'anon:x' })
  })

  it('end at the time they were answered with', async () => {
    const { tokens, clock } = setUp()
    const { token, expiresAt } = await tokens.sign(member)
    expect(expiresAt).toBe(1_800_000_060_000)
    clock.now = expiresAt - 1
    expect(await tokens.verify(token)).toEqual(member)
    clock.now = expiresAt
    await expect(tokens.verify(token)).rejects.toMatchObject({ code: 'token_expired' })
  })

  it('are refused by a clock that was set back since, as those would never end', async () => {
    const { tokens, clock } = setUp()
    const { token } = await tokens.sign(member)
    clock.now -= 20_000
    expect(await tokens.verify(token)).toEqual(member)
    clock.now -= 3_600_000
    await expect(tokens.verify(token)).rejects.toMatchObject({ code: 'token_expired' })
  })

  it('are refused when they are of another secret, altered, of another purpose or no token at all', async () => {
    const { tokens } = setUp()
    const { token } = await tokens.sign(member)
    const foreign = await setUp(`${SECRET}!`).tokens.sign(member)
    const exp = Math.floor(START_MS / 1000) + 30
    const rawSecret = createSigner({ key: SECRET, aud: 'social-flow/socket' })({ viewer: member, exp })
    const unsigned = `${Buffer.from('{"alg":"none"}').toString('base64url')}.${token.split('.')[1]}.`
    const altered = `${token.slice(0, -4)}${token.endsWith('AAAA') ? 'BBBB' : 'AAAA'}`
    for (const bad of [
      foreign.token,
      rawSecret,
      unsigned,
      altered,
      '',
      'x'.repeat(5000),
      undefined,
      7,
      { token },
    ])
      await expect(tokens.verify(bad)).rejects.toMatchObject({ code: 'token_expired' })
  })
})
