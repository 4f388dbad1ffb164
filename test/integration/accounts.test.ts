import { eq, inArray } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { credentials, loginSessions, oneTimeTokens, users } from '../../drizzle/schema/accounts.ts'
import { accounts as contract } from '../../src/contract/accounts.ts'
import { DAY_MS } from '../../src/core/time.ts'
import { type HttpApp, startHttpApp } from './accounts.harness.ts'
import {
  failure,
  nextMail,
  ORIGIN,
  PASSWORD,
  person,
  registered,
  tokenIn,
  verified,
} from './accounts.people.ts'

let app: HttpApp
beforeAll(async () => {
  app = await startHttpApp()
})
afterAll(() => app[Symbol.asyncDispose]())
const service = () => app.accounts

describe('registering', () => {
  it('leads over the mail to a verified account with a stream, and signs it in', async () => {
    const who = await registered(app)
    expect(who.mail.text).toContain(`${ORIGIN}/verify?token=`)
    expect(who.mail.html).toContain(`@${who.handle}`)
    const { account, secret } = await service().verify(who.token)
    expect(account).toMatchObject({ handle: who.handle, role: 'member', hasPassword: true })
    expect((await app.streams.byHandle(who.handle)).id).toBe(account.streamId)
    expect(await app.sessions.find(secret)).toMatchObject({ userId: account.id, handle: who.handle })
  })

  it('stores neither token nor session id nor password as they are', async () => {
    const who = await registered(app)
    const { secret } = await service().verify((await registered(app)).token)
    const tokens = await app.db.orm.select().from(oneTimeTokens)
    const sessions = await app.db.orm.select().from(loginSessions)
    expect(tokens.length).toBeGreaterThan(0)
    expect(JSON.stringify(tokens)).not.toContain(who.token)
    expect(JSON.stringify(sessions)).not.toContain(secret)
    expect(sessions.every(({ id }) => /^[0-9a-f]{64}$/.test(id))).toBe(true)
  })

  it('refuses a taken handle and one that is kept for pages, and says which field it was', async () => {
    const { handle } = await registered(app)
    for (const taken of [handle, 'settings', 'sign_in', 'admin', 'a_d_m_i_n']) {
      const error = await failure(service().register({ ...person(), handle: taken }, ORIGIN))
      expect(error, taken).toMatchObject({ code: 'conflict', details: { field: 'handle' } })
    }
  })

  it('makes one account when the same handle is wanted twice at once', async () => {
    const { handle } = person()
    const wishes = await Promise.allSettled(
      [person(), person(), person()].map((who) => service().register({ ...who, handle }, ORIGIN)),
    )
    expect(wishes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
  })

  it('makes one account when the same address registers twice at once', async () => {
    const who = person()
    const other = { ...person(), email: who.email }
    await Promise.all([service().register(who, ORIGIN), service().register(other, ORIGIN)])
    const rows = await app.db.orm
      .select({ handle: users.handle })
      .from(credentials)
      .innerJoin(users, eq(users.id, credentials.userId))
      .where(eq(credentials.email, who.email))
    expect(rows).toHaveLength(1)
    expect([who.handle, other.handle]).toContain(rows[0]?.handle)
    const made = await app.db.orm
      .select()
      .from(users)
      .where(inArray(users.handle, [who.handle, other.handle]))
    expect(made).toHaveLength(1)
  })

  it('lets the last registration of an unproven address win, so that nobody keeps its owner out', async () => {
    const squatter = await registered(app)
    const owner = { ...person(), email: squatter.email, password: 'the password of the owner' }
    await service().register(owner, ORIGIN)
    expect(await failure(service().verify(squatter.token))).toMatchObject({ code: 'expired' })
    await service().verify(tokenIn(await nextMail(app, owner.email, [squatter.mail])))
    expect(await failure(service().signIn(squatter))).toMatchObject({ code: 'unauthenticated' })
    expect((await service().signIn(owner)).account.handle).toBe(owner.handle)
  })
})

describe('an address that has an account', () => {
  it('gets the same answer by as many hashes, and its owner a mail', async () => {
    const owner = await verified(app)
    const before = { ...app.hashing }
    const fresh = person()
    const forFresh = await service().register(fresh, ORIGIN)
    const afterFresh = { ...app.hashing }
    const forOwner = await service().register({ ...person(), email: owner.email }, ORIGIN)
    expect(forOwner).toEqual(forFresh)
    expect(app.hashing.hashes - afterFresh.hashes).toBe(1)
    expect(afterFresh.hashes - before.hashes).toBe(1)
    const mail = await nextMail(app, owner.email, [owner.mail])
    expect(mail.subject).toBe('You already have an account')
    expect(mail.text).not.toContain('token=')
    expect((await service().signIn(owner)).account.id).toBe(owner.account.id)
  })

  it('can not be told from a new one by registering again or by looking at the handle', async () => {
    const owner = await verified(app)
    const tried = async (email: string) => {
      const who = { ...person(), email }
      await service().register(who, ORIGIN)
      // The same handle again, then from somebody else, then its page.
      const again = await service()
        .register(who, ORIGIN)
        .then(() => 'accepted')
      const stranger = await failure(service().register({ ...person(), handle: who.handle }, ORIGIN))
      const page = await app.streams.byHandle(who.handle).then(
        () => 'a page',
        (error: { code: string }) => error.code,
      )
      return { again, stranger: stranger.code, page }
    }
    expect(await tried(owner.email)).toEqual(await tried(person().email))
    // What stands in for such an address is none that anybody could sign in with.
    const signIn = { email: `in-use:${owner.email}`, password: PASSWORD }
    expect(contract.routes.signIn.body.safeParse(signIn).success).toBe(false)
  })
})

describe('verifying', () => {
  it('lets one of two redemptions at once win', async () => {
    for (let round = 0; round < 5; round++) {
      const { token } = await registered(app)
      const both = await Promise.allSettled([service().verify(token), service().verify(token)])
      expect(both.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
      expect(both.find(({ status }) => status === 'rejected')).toMatchObject({ reason: { code: 'expired' } })
    }
  })

  it('refuses a token that has expired, is of another kind or never was', async () => {
    const { token, handle } = await registered(app)
    expect(await failure(service().signInByLink(token))).toMatchObject({ code: 'expired' })
    expect(await failure(service().verify('x'.repeat(43)))).toMatchObject({ code: 'expired' })
    app.clock.aheadMs += DAY_MS
    expect(await failure(service().verify(token))).toMatchObject({ code: 'expired' })
    app.clock.aheadMs = 0
    expect((await service().verify(token)).account.handle).toBe(handle)
  })

  it('is asked for again by the same work, whoever the address belongs to', async () => {
    const waiting = await registered(app)
    const has = await verified(app)
    const work = async (email: string) => {
      const before = { ...app.hashing, jobs: await app.jobsCount() }
      await service().resend({ email }, ORIGIN)
      const { hashes, verifies } = app.hashing
      const jobs = (await app.jobsCount()) - before.jobs
      return { hashes: hashes - before.hashes, verifies: verifies - before.verifies, jobs }
    }
    const known = await work(waiting.email)
    expect(known).toEqual({ hashes: 0, verifies: 0, jobs: 1 })
    expect(await work(has.email)).toEqual(known)
    expect(await work(person().email)).toEqual(known)
  })

  it('can be asked for again while the address waits for it, and at no other time', async () => {
    const who = await registered(app)
    await service().resend({ email: who.email }, ORIGIN)
    const second = await nextMail(app, who.email, [who.mail])
    await service().verify(tokenIn(second))
    // The first link is void with the second.
    expect(await failure(service().verify(who.token))).toMatchObject({ code: 'expired' })
    await service().resend({ email: who.email }, ORIGIN)
    await service().resend({ email: person().email }, ORIGIN)
    const other = await registered(app)
    const mails = (await app.inbox.list()).mails.filter(({ to }) => to === who.email || to === other.email)
    expect(mails).toHaveLength(3)
  })
})
