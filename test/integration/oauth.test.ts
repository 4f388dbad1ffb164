import { desc, eq, sql } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { pendingSteps } from '../../drizzle/schema/pending.ts'
import { ConfigError, readConfig } from '../../src/config.ts'
import { MINUTE_MS } from '../../src/core/time.ts'
import { CLIENT, settingsOf } from '../support/oidc.ts'
import type { HttpApp } from './accounts.harness.ts'
import { person, verified } from './accounts.people.ts'
import { send } from './http.requests.ts'
import { FINISH, START, someone, startWithProvider } from './oauth.people.ts'
import { browser, codeOf } from './second-factor.people.ts'

let to: Awaited<ReturnType<typeof startWithProvider>>
let app: HttpApp
let provider: typeof to.provider
const away: typeof to.away = (...args) => to.away(...args)
const signedUp: typeof to.signedUp = (...args) => to.signedUp(...args)

beforeAll(async () => {
  to = await startWithProvider()
  app = to.app
  provider = to.provider
})
afterAll(() => to[Symbol.asyncDispose]())

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
    expect(() => readConfig({ ...settingsOf('http://id.example') })).toThrow('https:')
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

describe('a browser that shall not stay signed in with a provider', () => {
  const brief = { remember: false }
  const cookiesOf = ({ headers }: Awaited<ReturnType<ReturnType<typeof browser>['post']>>) =>
    (headers['set-cookie'] ?? []).filter((cookie) => /flow_(session|device)/.test(cookie))
  const expectBrief = async (at: ReturnType<typeof browser>, answer: Parameters<typeof cookiesOf>[0]) => {
    expect(cookiesOf(answer)).toHaveLength(2)
    for (const cookie of cookiesOf(answer)) expect(cookie).not.toMatch(/max-age|expires/i)
    expect(await app.sessions.find(at.cookies.get('flow_session') ?? '')).toMatchObject({ isLasting: false })
  }

  it('is asked before the way there, and its session ends with it: new, known, and with a second factor', async () => {
    const subject = someone()
    provider.enter(subject)
    const fresh = browser(app)
    const { ticket } = (await fresh.post(FINISH, await away(fresh, START, brief))).json()
    const named = { ticket, handle: person().handle, displayName: 'New' }
    const made = await fresh.post('/api/auth/oauth/sign-up', named)
    await expectBrief(fresh, made)

    const known = browser(app)
    await expectBrief(known, await known.post(FINISH, await away(known, START, brief)))
    const lasting = browser(app)
    const stays = await lasting.post(FINISH, await away(lasting))
    for (const cookie of cookiesOf(stays)) expect(cookie).toMatch(/max-age/i)

    const { id } = (made.json() as { account: { id: string } }).account
    const { token, secret } = await app.secondFactor.begin(id)
    await app.secondFactor.turnOn(id, { token, code: await codeOf(app, secret) })
    const asked = browser(app)
    const step = (await asked.post(FINISH, await away(asked, START, brief))).json()
    const proof = { method: 'totp', code: await codeOf(app, secret, 1) }
    await expectBrief(
      asked,
      await asked.post('/api/auth/second-factor', { ticket: step.details?.ticket, proof }),
    )
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
