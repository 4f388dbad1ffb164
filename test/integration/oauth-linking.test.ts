import { eq } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { credentials, users } from '../../drizzle/schema/accounts.ts'
import { MINUTE_MS } from '../../src/core/time.ts'
import type { HttpApp } from './accounts.harness.ts'
import { failure, PASSWORD, person, registered, verified } from './accounts.people.ts'
import { ownOrigin, send } from './http.requests.ts'
import { CONNECT, DISCONNECT, FINISH, someone, startWithProvider } from './oauth.people.ts'
import { browser, withTotp } from './second-factor.people.ts'

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
    const answer = await away(at, CONNECT)
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
    const answer = await away(at, CONNECT)
    await enter(alice)
    expect((await at.post(FINISH, answer)).json()).toMatchObject({ code: 'expired' })
    await enter(mallory)
    const second = await away(at, CONNECT)
    at.cookies.delete('flow_session')
    expect((await at.post(FINISH, second)).json()).toMatchObject({ code: 'expired' })
    for (const { account } of [alice, mallory]) expect(await app.oauth.list(account.id)).toEqual([])
  })

  it('takes no account elsewhere that opens another one here, and no second one of a provider', async () => {
    const { subject } = await signedUp()
    const alice = await verified(app)
    const at = browser(app)
    await at.post('/api/auth/sign-in', { email: alice.email, password: PASSWORD })
    const connect = async () => (await at.post(FINISH, await away(at, CONNECT))).json()
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
    const cut = () => send(app, DISCONNECT, { method: 'DELETE', headers })
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
    const start = await at.post(CONNECT, {})
    expect(start.json()).toMatchObject({ code: 'confirm_required' })
    const who = await withTotp(app)
    app.clock.aheadMs += 16 * MINUTE_MS
    const headers = { ...who.cookie, ...ownOrigin(app) }
    const cut = await send(app, DISCONNECT, { method: 'DELETE', headers })
    expect(cut.json()).toMatchObject({ code: 'confirm_required' })
  })
})
