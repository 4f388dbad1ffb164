import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { CLIENT, settingsOf, startLyingProvider } from '../support/oidc.ts'
import { type HttpApp, startHttpApp } from './accounts.harness.ts'
import { FINISH, START } from './oauth.people.ts'
import { browser } from './second-factor.people.ts'

type Liar = Awaited<ReturnType<typeof startLyingProvider>>
let liar: Liar
/** Its provider lies. */
let deceived: HttpApp

beforeAll(async () => {
  liar = await startLyingProvider()
  deceived = await startHttpApp({ env: settingsOf(liar.issuer) })
})
afterAll(async () => {
  for (const one of [deceived, liar]) await one[Symbol.asyncDispose]()
})

describe('an id token is refused', () => {
  async function told(lie: Liar['state']['lie']) {
    const at = browser(deceived)
    const { url } = (await at.post(START, {})).json() as { url: string }
    const asked = new URL(url).searchParams
    expect(asked.get('code_challenge_method')).toBe('S256')
    liar.state.nonce = asked.get('nonce') ?? ''
    liar.state.lie = lie
    const answer = (await at.post(FINISH, { code: 'any', state: asked.get('state') })).json()
    expect(at.cookies.has('flow_session')).toBe(false)
    return answer
  }
  const HOUR = 3600
  const now = () => Math.floor(Date.now() / 1000)

  it('never when it is right', async () => {
    expect(await told({})).toMatchObject({ outcome: 'sign_up' })
    expect(await told({ claims: { aud: [CLIENT.id, 'other'], azp: CLIENT.id } })).toMatchObject({
      outcome: 'sign_up',
    })
  })

  it.each([
    ['of another issuer', { claims: { iss: 'https://accounts.google.com' } }],
    ['for another client', { claims: { aud: 'another-client' } }],
    ['for several, made for another', { claims: { aud: [CLIENT.id, 'other'], azp: 'other' } }],
    ['of another attempt (nonce)', { claims: { nonce: 'of yesterday' } }],
    ['without a nonce', { claims: { nonce: undefined } }],
    ['without a subject', { claims: { sub: undefined } }],
    ['that has expired', { claims: { iat: now() - 2 * HOUR, exp: now() - HOUR } }],
    ['that never expires', { claims: { exp: undefined } }],
    ['signed by another key', { isForeignKey: true }],
    ['signed by nobody', { header: { alg: 'none' } }],
    ['signed with the public key as a secret', { header: { alg: 'HS256' } }],
    ['that is not there', { noIdToken: true }],
  ])('%s', async (_what, lie) => {
    expect(await told(lie)).toMatchObject({ code: 'unauthenticated' })
  })

  it('of a provider that describes itself as another one, or is away', async () => {
    const fresh = await startHttpApp({ env: settingsOf(liar.issuer) })
    const gone = await startHttpApp({ env: settingsOf('http://127.0.0.1:9') })
    try {
      liar.state.lie = { metadataIssuer: 'https://accounts.google.com' }
      expect((await browser(fresh).post(START, {})).json()).toMatchObject({ code: 'unauthenticated' })
      expect((await browser(gone).post(START, {})).json()).toMatchObject({ code: 'unavailable' })
    } finally {
      for (const one of [fresh, gone]) await one[Symbol.asyncDispose]()
    }
  })
})
