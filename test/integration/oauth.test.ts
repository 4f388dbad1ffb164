import { desc, eq, sql } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { credentials, users } from '../../drizzle/schema/accounts.ts'
import { pendingSteps } from '../../drizzle/schema/pending.ts'
import { ConfigError, readConfig } from '../../src/config.ts'
import { MINUTE_MS } from '../../src/core/time.ts'
import { CLIENT, startLyingProvider, startOidcProvider, throughProvider } from '../support/oidc.ts'
import { type HttpApp, startHttpApp } from './accounts.harness.ts'
import { failure, PASSWORD, person, registered, verified } from './accounts.people.ts'
import { ownOrigin, send } from './http.requests.ts'
import { type Browser, browser, codeOf, withTotp } from './second-factor.people.ts'

type Provider = Awaited<ReturnType<typeof startOidcProvider>>
type Liar = Awaited<ReturnType<typeof startLyingProvider>>
let provider: Provider
let liar: Liar
let app: HttpApp
/** The same, but its provider lies. */
let deceived: HttpApp

const START = '/api/auth/oauth/oidc/start'
const FINISH = '/api/auth/oauth/oidc/finish'
const settings = (issuer: string) => ({
  TRUSTED_PROXIES: '127.0.0.1',
  OIDC_ISSUER: issuer,
  OIDC_CLIENT_ID: CLIENT.id,
  OIDC_CLIENT_SECRET: CLIENT.secret,
  OIDC_NAME: 'Example ID',
})

beforeAll(async () => {
  provider = await startOidcProvider()
  liar = await startLyingProvider()
  app = await startHttpApp({ env: settings(provider.issuer) })
  deceived = await startHttpApp({ env: settings(liar.issuer) })
  provider.open([`${app.baseUrl}/oauth/oidc`])
})
afterAll(async () => {
  for (const one of [app, deceived, provider, liar]) await one[Symbol.asyncDispose]()
})

let last = 0
const someone = () => `subject-${++last}`

/** To the provider and back; what the browser has then. */
async function away(at: Browser, path = START) {
  const { url } = (await at.post(path, {})).json() as { url: string }
  const back = await throughProvider(url, `${app.baseUrl}/oauth/oidc`)
  return Object.fromEntries(back.searchParams) as { code: string; state: string; iss?: string }
}

/** Makes an account with the provider alone. */
async function signedUp(subject = someone(), claims = {}) {
  provider.enter(subject, claims)
  const at = browser(app)
  const { ticket } = (await at.post(FINISH, await away(at))).json()
  const { handle, displayName } = person()
  const made = await at.post('/api/auth/oauth/sign-up', { ticket, handle, displayName })
  const { account } = made.json() as { account: { id: string; handle: string } }
  return { at, subject, account }
}

describe('signing in with a provider', () => {
  it('is offered where its client is configured', async () => {
    const { providers } = (await send(app, '/api/auth/oauth')).json()
    expect(providers).toEqual([{ id: 'oidc', name: 'Example ID' }])
    expect((await browser(app).post('/api/auth/oauth/google/start', {})).json()).toMatchObject({
      code: 'not_found',
    })
    const github = readConfig({ GITHUB_CLIENT_ID: 'a', GITHUB_CLIENT_SECRET: 'b' })
    expect(github.GITHUB_CLIENT_ID).toBe('a')
    expect(() => readConfig({ GITHUB_CLIENT_ID: 'a' })).toThrow(ConfigError)
    expect(() => readConfig({ ...settings('http://id.example') })).toThrow('https:')
  })

  it('lets new people choose a handle, and signs them in from then on', async () => {
    const subject = someone()
    provider.enter(subject, { name: 'Ada Lovelace', preferred_username: 'Ada', email: 'x@example.com' })
    const at = browser(app)
    const first = (await at.post(FINISH, await away(at))).json()
    // The provider did not verify the address, so there is none.
    expect(first).toMatchObject({
      outcome: 'sign_up',
      displayName: 'Ada Lovelace',
      handle: 'ada',
      email: null,
    })
    expect(at.cookies.has('flow_session')).toBe(false)
    const taken = await verified(app)
    const choose = (handle: string) =>
      at.post('/api/auth/oauth/sign-up', { ticket: first.ticket, handle, displayName: 'Ada' })
    for (const handle of [taken.handle, 'admin'])
      expect((await choose(handle)).json()).toMatchObject({ code: 'conflict', details: { field: 'handle' } })
    const { handle } = person()
    const stolen = { ticket: first.ticket, handle, displayName: 'Ada' }
    expect((await browser(app).post('/api/auth/oauth/sign-up', stolen)).json()).toMatchObject({
      code: 'expired',
    })
    expect((await choose(handle)).json()).toMatchObject({ account: { handle, hasPassword: false } })
    expect((await choose(person().handle)).json()).toMatchObject({ code: 'expired' })

    const later = browser(app)
    expect((await later.post(FINISH, await away(later))).json()).toMatchObject({
      outcome: 'signed_in',
      account: { handle },
    })
    expect(later.cookies.has('flow_session')).toBe(true)
  })

  it('makes one account when the handle is chosen in two browsers at once', async () => {
    const subject = someone()
    provider.enter(subject)
    const browsers = [browser(app), browser(app)]
    const tickets: unknown[] = []
    for (const at of browsers) tickets.push((await at.post(FINISH, await away(at))).json().ticket)
    const ends = await Promise.all(
      browsers.map((at, i) =>
        at.post('/api/auth/oauth/sign-up', {
          ticket: tickets[i],
          handle: person().handle,
          displayName: 'Two',
        }),
      ),
    )
    expect(ends.map(({ status }) => status).sort()).toEqual([201, 409])
  })

  it('asks for the second factor of the account, in the same browser', async () => {
    const { account, subject } = await signedUp()
    const { token, secret } = await app.secondFactor.begin(account.id)
    await app.secondFactor.turnOn(account.id, { token, code: await codeOf(app, secret) })
    provider.enter(subject)
    const at = browser(app)
    const asked = (await at.post(FINISH, await away(at))).json()
    expect(asked).toMatchObject({
      code: 'second_factor_required',
      details: { methods: ['totp', 'backup_code'] },
    })
    expect(at.cookies.has('flow_session')).toBe(false)
    const proof = { method: 'totp', code: await codeOf(app, secret, 1) }
    const ticket = asked.details?.ticket
    expect((await browser(app).post('/api/auth/second-factor', { ticket, proof })).status).toBe(410)
    expect((await at.post('/api/auth/second-factor', { ticket, proof })).status).toBe(200)
  })
})

describe('an answer of the provider counts for nothing', () => {
  const prepared = async () => {
    provider.enter(someone())
    const at = browser(app)
    return { at, answer: await away(at) }
  }
  const expired = { code: 'expired' }

  it('in a browser that did not ask, or has lost its cookie', async () => {
    const { at, answer } = await prepared()
    const other = browser(app)
    await other.post(START, {})
    expect((await other.post(FINISH, answer)).json()).toMatchObject(expired)
    expect((await browser(app).post(FINISH, answer)).json()).toMatchObject(expired)
    // Nothing was spent by strangers.
    expect((await at.post(FINISH, answer)).json()).toMatchObject({ outcome: 'sign_up' })
  })

  it('with another state, one made up, or after a quarter of an hour', async () => {
    const { at, answer } = await prepared()
    const tampered = `${answer.state.slice(0, -1)}${answer.state.endsWith('A') ? 'B' : 'A'}`
    for (const state of [tampered, 'x'.repeat(43)])
      expect((await at.post(FINISH, { ...answer, state })).json()).toMatchObject(expired)
    app.clock.aheadMs += 16 * MINUTE_MS
    expect((await at.post(FINISH, answer)).json()).toMatchObject(expired)
    app.clock.aheadMs -= 16 * MINUTE_MS
  })

  it('when it comes again, twice at once, or with the code of another attempt', async () => {
    const { at, answer } = await prepared()
    const ends = await Promise.all([1, 2, 3].map(() => at.post(FINISH, answer)))
    expect(ends.map(({ status }) => status).sort()).toEqual([200, 410, 410])
    expect((await at.post(FINISH, answer)).json()).toMatchObject(expired)
    // A code that was redeemed, under a fresh state: the provider refuses it.
    const second = await away(at)
    expect((await at.post(FINISH, { ...second, code: answer.code })).json()).toMatchObject(expired)
    // A code that somebody else caught is bound to the verifier of their own attempt.
    const victim = await prepared()
    const mine = await away(at)
    expect((await at.post(FINISH, { ...mine, code: victim.answer.code })).json()).toMatchObject(expired)
  })

  it('without the verifier that only the server knows, which it keeps sealed', async () => {
    const { at, answer } = await prepared()
    const form = new URLSearchParams({ grant_type: 'authorization_code', code: answer.code })
    form.set('redirect_uri', `${app.baseUrl}/oauth/oidc`)
    const authorization = `Basic ${Buffer.from(`${CLIENT.id}:${CLIENT.secret}`).toString('base64')}`
    const headers = { authorization, 'content-type': 'application/x-www-form-urlencoded' }
    const refused = await fetch(`${provider.issuer}/token`, { method: 'POST', headers, body: form })
    expect(await refused.json()).toMatchObject({ error: 'invalid_grant' })
    const [row] = await app.db.orm
      .select()
      .from(pendingSteps)
      .where(eq(pendingSteps.kind, 'oauth'))
      .orderBy(desc(pendingSteps.createdAt))
    expect(row?.data).toMatchObject({ verifier: expect.stringMatching(/^v1\./) })
    // The flow without its verifier ends in nothing.
    await app.db.orm
      .update(pendingSteps)
      .set({ data: sql`${pendingSteps.data} || '{"verifier":""}'` })
      .where(eq(pendingSteps.id, row?.id ?? ''))
    expect((await at.post(FINISH, answer)).json()).toMatchObject({ code: 'internal' })
    expect(at.cookies.has('flow_session')).toBe(false)
  })

  it('from another provider than the one that was asked (RFC 9207), and at another path', async () => {
    const { at, answer } = await prepared()
    expect(answer.iss).toBe(provider.issuer)
    expect((await at.post(FINISH, { ...answer, iss: 'https://evil.example' })).json()).toMatchObject({
      code: 'unauthenticated',
    })
    const again = await away(at)
    const { iss: _, ...silent } = again
    expect((await at.post(FINISH, silent)).json()).toMatchObject({ code: 'unauthenticated' })
  })

  it('to a page of another site', async () => {
    const { at, answer } = await prepared()
    const foreign = await at.post(FINISH, answer, { origin: 'https://evil.example' })
    expect(foreign.json()).toMatchObject({ code: 'foreign_origin' })
    const started = await at.post(START, {}, { origin: 'https://evil.example' })
    expect(started.json()).toMatchObject({ code: 'foreign_origin' })
  })
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
    const fresh = await startHttpApp({ env: settings(liar.issuer) })
    const gone = await startHttpApp({ env: settings('http://127.0.0.1:9') })
    try {
      liar.state.lie = { metadataIssuer: 'https://accounts.google.com' }
      expect((await browser(fresh).post(START, {})).json()).toMatchObject({ code: 'unauthenticated' })
      expect((await browser(gone).post(START, {})).json()).toMatchObject({ code: 'unavailable' })
    } finally {
      for (const one of [fresh, gone]) await one[Symbol.asyncDispose]()
    }
  })
})

describe('an address of mail', () => {
  it('that the provider verified opens no account that has it: its owner signs in first', async () => {
    const owner = await verified(app)
    provider.enter(someone(), { email: owner.email, email_verified: true })
    const at = browser(app)
    expect((await at.post(FINISH, await away(at))).json()).toMatchObject({
      code: 'conflict',
      details: { reason: 'link_first' },
    })
    await at.post('/api/auth/sign-in', { email: owner.email, password: PASSWORD })
    const answer = await away(at, '/api/account/oauth/oidc/start')
    expect((await at.post(FINISH, answer)).json()).toEqual({ outcome: 'linked' })
    const later = browser(app)
    expect((await later.post(FINISH, await away(later))).json()).toMatchObject({
      outcome: 'signed_in',
      account: { handle: owner.handle },
    })
  })

  it('that the provider did not verify says nothing, not even that an account has it', async () => {
    const owner = await verified(app)
    provider.enter(someone(), { email: owner.email, email_verified: false })
    const at = browser(app)
    expect((await at.post(FINISH, await away(at))).json()).toMatchObject({ outcome: 'sign_up', email: null })
  })

  it('that somebody registered without proving it is lost to its owner, with that password (pre-hijack)', async () => {
    const attacker = await registered(app)
    const { account } = await signedUp(someone(), {
      email: attacker.email.toUpperCase(),
      email_verified: true,
    })
    const rows = await app.db.orm.select().from(credentials).where(eq(credentials.email, attacker.email))
    expect(rows).toMatchObject([{ userId: account.id, passwordHash: null }])
    expect(await app.db.orm.select().from(users).where(eq(users.handle, attacker.handle))).toEqual([])
    // Neither the password nor the link of the verification mail leads in.
    expect(await failure(app.accounts.signIn(attacker))).toMatchObject({ code: 'unauthenticated' })
    expect(await failure(app.accounts.verify(attacker.token))).toMatchObject({ code: 'expired' })
  })

  it('can not be claimed without proof by whoever came without one', async () => {
    const { account } = await signedUp()
    const claim = { email: person().email, password: PASSWORD }
    expect(await failure(app.accounts.setCredentials(account.id, claim))).toMatchObject({ code: 'forbidden' })
  })

  it('that was proven while the handle was chosen goes to whoever was first', async () => {
    const { email, ...rest } = person()
    provider.enter(someone(), { email, email_verified: true })
    const at = browser(app)
    const { ticket } = (await at.post(FINISH, await away(at))).json()
    const other = await registered(app)
    await app.db.orm
      .update(credentials)
      .set({ email, emailVerifiedAt: new Date() })
      .where(eq(credentials.email, other.email))
    expect((await at.post('/api/auth/oauth/sign-up', { ticket, ...rest })).json()).toMatchObject({
      details: { reason: 'link_first' },
    })
  })
})

describe('connecting', () => {
  it('is for the account that began it: not for another one that is signed in meanwhile, nor for nobody', async () => {
    const [alice, mallory] = [await verified(app), await verified(app)]
    const at = browser(app)
    const enter = (who: { email: string }) =>
      at.post('/api/auth/sign-in', { email: who.email, password: PASSWORD })
    provider.enter(someone())
    await enter(mallory)
    const answer = await away(at, '/api/account/oauth/oidc/start')
    await enter(alice)
    expect((await at.post(FINISH, answer)).json()).toMatchObject({ code: 'expired' })
    await enter(mallory)
    const second = await away(at, '/api/account/oauth/oidc/start')
    at.cookies.delete('flow_session')
    expect((await at.post(FINISH, second)).json()).toMatchObject({ code: 'expired' })
    for (const { account } of [alice, mallory]) expect(await app.oauth.list(account.id)).toEqual([])
  })

  it('takes no account elsewhere that opens another one here, and no second one of a provider', async () => {
    const { subject } = await signedUp()
    const alice = await verified(app)
    const at = browser(app)
    await at.post('/api/auth/sign-in', { email: alice.email, password: PASSWORD })
    const connect = async () =>
      (await at.post(FINISH, await away(at, '/api/account/oauth/oidc/start'))).json()
    expect(await connect()).toMatchObject({ code: 'conflict', details: { reason: 'taken' } })
    provider.enter(someone(), { preferred_username: 'alice there' })
    expect(await connect()).toEqual({ outcome: 'linked' })
    expect(await connect()).toEqual({ outcome: 'linked' })
    provider.enter(someone())
    expect(await connect()).toMatchObject({ code: 'conflict', details: { reason: 'taken' } })
    expect(subject).not.toBe('')
    const headers = { ...alice.cookie, ...ownOrigin(app) }
    const shown = (await send(app, '/api/account/oauth', { headers })).json()
    expect(shown).toMatchObject({ accounts: [{ provider: 'oidc', name: 'alice there' }] })
    const cut = () => send(app, '/api/account/oauth/oidc', { method: 'DELETE', headers })
    expect((await cut()).status).toBe(200)
    expect((await cut()).status).toBe(404)
  })

  it('and disconnecting need a session that was confirmed lately; the last way in stays', async () => {
    const { at, account } = await signedUp()
    expect(await failure(app.oauth.unlink(account.id, 'oidc'))).toMatchObject({
      code: 'conflict',
      details: { reason: 'last_way_in' },
    })
    app.clock.aheadMs += 16 * MINUTE_MS
    const start = await at.post('/api/account/oauth/oidc/start', {})
    expect(start.json()).toMatchObject({ code: 'confirm_required' })
    const who = await withTotp(app)
    app.clock.aheadMs += 16 * MINUTE_MS
    const headers = { ...who.cookie, ...ownOrigin(app) }
    const cut = await send(app, '/api/account/oauth/oidc', { method: 'DELETE', headers })
    expect(cut.json()).toMatchObject({ code: 'confirm_required' })
  })
})
