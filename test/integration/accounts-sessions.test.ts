import { eq } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { loginSessions, oneTimeTokens, users } from '../../drizzle/schema/accounts.ts'
import { idempotencyKeys } from '../../drizzle/schema/system.ts'
import { DAY_MS, HOUR_MS } from '../../src/core/time.ts'
import { type HttpApp, startHttpApp } from './accounts.harness.ts'
import { failure, PASSWORD, registered, verified } from './accounts.people.ts'

let app: HttpApp
beforeAll(async () => {
  app = await startHttpApp()
})
afterAll(() => app[Symbol.asyncDispose]())
const service = () => app.accounts

describe('signing in', () => {
  it('answers a wrong password and an unknown address alike, with equal work', async () => {
    const who = await verified(app)
    const before = app.hashing.verifies
    const wrong = await failure(service().signIn({ email: who.email, password: 'not this one' }))
    const afterWrong = app.hashing.verifies
    const unknown = await failure(service().signIn({ email: 'nobody@example.com', password: 'not this one' }))
    expect({ ...wrong }).toEqual({ ...unknown })
    expect(wrong).toMatchObject({ code: 'unauthenticated', message: (unknown as unknown as Error).message })
    expect([afterWrong - before, app.hashing.verifies - afterWrong]).toEqual([1, 1])
  })

  it('tells only whoever knows the password that the address is not verified', async () => {
    const who = await registered(app)
    expect(await failure(service().signIn({ ...who, password: 'not this one' }))).toMatchObject({
      code: 'unauthenticated',
    })
    expect(await failure(service().signIn(who))).toMatchObject({
      code: 'forbidden',
      details: { reason: 'unverified' },
    })
  })

  it('is limited per address of mail, wherever it is tried from', async () => {
    const who = await verified(app)
    for (let i = 0; i < 10; i++) await failure(service().signIn({ ...who, password: `wrong ${i}` }))
    const error = await failure(service().signIn(who))
    expect(error.code).toBe('too_many_requests')
    expect(error.details?.retryAfterMs).toBeGreaterThan(0)
  })

  it('ends with signing out, which is told to whoever holds its sockets', async () => {
    const { secret } = await verified(app)
    const session = await app.sessions.find(secret)
    await service().signOut(secret)
    expect(await app.sessions.find(secret)).toBeUndefined()
    expect(app.endedSessions).toContain(session?.publicId)
    await service().signOut(secret)
  })

  it('goes on for another 30 days when half of them are over, and not after its end', async () => {
    const { secret, account } = await verified(app)
    const endsAt = (fromNowMs: number) =>
      app.db.orm
        .update(loginSessions)
        .set({ expiresAt: new Date(Date.now() + fromNowMs) })
        .where(eq(loginSessions.userId, account.id))
    expect(await app.sessions.find(secret)).toMatchObject({ isRenewed: false })
    await endsAt(14 * DAY_MS)
    expect(await app.sessions.find(secret)).toMatchObject({ isRenewed: true })
    const [row] = await app.db.orm.select().from(loginSessions).where(eq(loginSessions.userId, account.id))
    expect((row?.expiresAt.getTime() ?? 0) - Date.now()).toBeGreaterThan(29 * DAY_MS)
    await endsAt(-1)
    expect(await app.sessions.find(secret)).toBeUndefined()
  })

  it('ends when the account is deleted', async () => {
    const { secret, account, ...who } = await verified(app)
    await app.db.orm.update(users).set({ deletedAt: new Date() }).where(eq(users.id, account.id))
    expect(await app.sessions.find(secret)).toBeUndefined()
    expect(await failure(service().signIn(who))).toMatchObject({ code: 'unauthenticated' })
  })
})

describe('the first admin', () => {
  it('is made once, gets login links that work once, and none once it has a password', async () => {
    const links = await Promise.all([service().firstAdminLink(), service().firstAdminLink()])
    const [first = '', second = ''] = links
    const admins = await app.db.orm.select().from(users).where(eq(users.role, 'admin'))
    expect(admins.map(({ handle }) => handle)).toEqual(['admin'])
    expect(first).not.toBe(second)

    const { account, secret } = await service().signInByLink(first)
    expect(account).toMatchObject({ handle: 'admin', role: 'admin', hasPassword: false })
    expect(await app.sessions.find(secret)).toMatchObject({ role: 'admin' })
    expect(await failure(service().signInByLink(first))).toMatchObject({ code: 'expired' })

    const third = (await service().firstAdminLink()) ?? ''
    const chosen = { email: 'admin@example.com', password: PASSWORD }
    expect(await service().setCredentials(account.id, chosen)).toMatchObject({ hasPassword: true })
    expect(await service().firstAdminLink()).toBeUndefined()
    // Links that are still about are void.
    for (const link of [second, third])
      expect(await failure(service().signInByLink(link))).toMatchObject({ code: 'expired' })
    expect((await service().signIn(chosen)).account.id).toBe(account.id)
    expect(await failure(service().setCredentials(account.id, chosen))).toMatchObject({
      code: 'conflict',
      details: { field: 'password' },
    })
  })

  it('can not take the address of somebody', async () => {
    const owner = await verified(app)
    const other = await verified(app)
    const link = await service().createLoginLink(other.account.id)
    expect((await service().signInByLink(link)).account.id).toBe(other.account.id)
    const [row] = await app.db.orm
      .insert(users)
      .values({ id: crypto.randomUUID(), handle: 'bare', displayName: 'Bare', role: 'admin' })
      .returning()
    const error = await failure(
      service().setCredentials(row?.id ?? '', { email: owner.email, password: PASSWORD }),
    )
    expect(error).toMatchObject({ code: 'conflict', details: { field: 'email' } })
  })

  it('loses its login links after an hour', async () => {
    const { account } = await verified(app)
    const link = await service().createLoginLink(account.id)
    app.clock.aheadMs += HOUR_MS
    expect(await failure(service().signInByLink(link))).toMatchObject({ code: 'expired' })
    app.clock.aheadMs = 0
  })
})

describe('the sweep', () => {
  it('deletes what has expired and accounts that never proved their address, and nothing else', async () => {
    const keeper = await verified(app)
    const stale = await registered(app)
    const expired = await verified(app)
    const idempotency = {
      accountId: keeper.account.id,
      call: 'chat:send',
      inputHash: 'a'.repeat(64),
      answer: {},
    }
    const [oldKey, newKey] = [crypto.randomUUID(), crypto.randomUUID()]
    await app.db.orm.insert(idempotencyKeys).values([
      { ...idempotency, clientId: oldKey, expiresAt: new Date(Date.now() - 1) },
      { ...idempotency, clientId: newKey, expiresAt: new Date(Date.now() + 30 * DAY_MS) },
    ])
    await app.db.orm
      .update(loginSessions)
      .set({ expiresAt: new Date(Date.now() - 1) })
      .where(eq(loginSessions.userId, expired.account.id))
    const isThere = async (handle: string) =>
      (await app.db.orm.select().from(users).where(eq(users.handle, handle))).length === 1

    app.clock.aheadMs = 2 * DAY_MS
    await app.runSweep()
    expect(await app.db.orm.select().from(oneTimeTokens)).toHaveLength(0)
    expect(await isThere(stale.handle)).toBe(true)
    app.clock.aheadMs = 8 * DAY_MS
    await app.runSweep()
    app.clock.aheadMs = 0
    expect(await isThere(stale.handle)).toBe(false)
    expect(await isThere(keeper.handle)).toBe(true)
    expect(await app.sessions.find(keeper.secret)).toBeDefined()
    const sessions = await app.db.orm.select().from(loginSessions)
    expect(sessions.some(({ userId }) => userId === expired.account.id)).toBe(false)
    const keys = await app.db.orm.select().from(idempotencyKeys)
    expect(keys.map(({ clientId }) => clientId)).toEqual([newKey])
  })
})

describe('the development inbox', () => {
  it('shows the newest 50 and keeps the newest 200', async () => {
    for (let i = 0; i < 205; i++)
      await app.inbox.send({ to: 'many@example.com', subject: `Mail ${i}`, text: 't', html: 'h' })
    const shown = await app.inbox.list()
    expect(shown).toHaveLength(50)
    expect(shown[0]).toMatchObject({ to: 'many@example.com', subject: 'Mail 204' })
    const kept = await app.db.orm.query.inboxMails.findMany()
    expect(kept).toHaveLength(200)
  })
})
