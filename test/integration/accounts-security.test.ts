import { eq } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { credentials, loginSessions, users } from '../../drizzle/schema/accounts.ts'
import { DAY_MS, MINUTE_MS } from '../../src/core/time.ts'
import { type HttpApp, startHttpApp } from './accounts.harness.ts'
import { nextMail, PASSWORD, person, tokenIn, verified } from './accounts.people.ts'
import { cookieOf, elsewhere, ownOrigin, post, put, SIGNED_OUT, send } from './http.requests.ts'

let app: HttpApp
beforeAll(async () => {
  app = await startHttpApp({ env: { TRUSTED_PROXIES: '127.0.0.1' } })
})
afterAll(() => app[Symbol.asyncDispose]())
type Who = Awaited<ReturnType<typeof verified>>
const headersOf = (who: Pick<Who, 'cookie'>) => ({ ...who.cookie, ...ownOrigin(app) })
const FIREFOX = 'Mozilla/5.0 (X11; Linux x86_64; rv:131.0) Gecko/20100101 Firefox/131.0'
const IPHONE =
  'Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Mobile/15E148 Safari/604.1'

/** Signs in once more, as another browser. */
async function another(who: { email: string }, headers: Record<string, string> = {}, more: object = {}) {
  const body = { email: who.email, password: PASSWORD, ...more }
  const answer = await post(app, '/api/auth/sign-in', body, { ...elsewhere(), ...headers })
  const secret = cookieOf(answer).match(/flow_session=([a-z2-7]{40})/)?.[1] ?? ''
  return { answer, secret, cookie: { cookie: `flow_session=${secret}` } }
}
type Listed = { id: string; isCurrent: boolean; network: string; lastUsedAt: number }
const listOf = async (who: Pick<Who, 'cookie'>) =>
  (await send(app, '/api/account/sessions', { headers: who.cookie })).json().sessions as Listed[]
const end = (who: Pick<Who, 'cookie'>, id: string) =>
  send(app, `/api/account/sessions/${id}`, { method: 'DELETE', headers: headersOf(who) })
const endOthers = (who: Pick<Who, 'cookie'>) =>
  send(app, '/api/account/sessions', { method: 'DELETE', headers: headersOf(who) })

describe('the list of login sessions', () => {
  it('tells device, network and use, and nothing that opens one', async () => {
    const who = await verified(app)
    const phone = await another(who, { 'user-agent': IPHONE, 'x-forwarded-for': '203.0.113.77' })
    const here = await another(who, { 'user-agent': FIREFOX, 'x-forwarded-for': '2001:db8:7:8::9' })
    const answer = await send(app, '/api/account/sessions', {
      headers: { ...here.cookie, 'x-forwarded-for': '2001:db8:7:8::9' },
    })
    const sessions = answer.json().sessions as Listed[]
    expect(sessions).toHaveLength(3)
    expect(sessions.find(({ isCurrent }) => isCurrent)).toMatchObject({
      browser: 'Firefox',
      system: 'Linux',
      device: 'computer',
      network: '2001:db8:7::/48',
      isLasting: true,
    })
    expect(sessions).toContainEqual(
      expect.objectContaining({
        browser: 'Safari',
        system: 'iOS',
        device: 'phone',
        network: '203.0.113.0/24',
      }),
    )
    for (const secret of [who.secret, phone.secret, here.secret]) expect(answer.text).not.toContain(secret)
    const rows = await app.db.orm.select().from(loginSessions)
    for (const { id } of rows) expect(answer.text).not.toContain(id)
    // As an identifier, a public id opens nothing.
    const asSecret = await send(app, '/api/me', { headers: { authorization: `Bearer ${sessions[0]?.id}` } })
    expect(asSecret.json()).toEqual(SIGNED_OUT)
  })

  it('says to within five minutes when and from where a session was used', async () => {
    const who = await verified(app)
    const before = (await listOf(who))[0]
    app.clock.aheadMs += 4 * MINUTE_MS
    expect((await listOf(who))[0]).toMatchObject({ lastUsedAt: before?.lastUsedAt })
    app.clock.aheadMs += 2 * MINUTE_MS
    await send(app, '/api/me', { headers: { ...who.cookie, 'x-forwarded-for': '198.51.100.9' } })
    const after = (await listOf(who))[0]
    app.clock.aheadMs = 0
    expect(after?.lastUsedAt).toBeGreaterThan((before?.lastUsedAt ?? 0) + 5 * MINUTE_MS)
    expect(after?.network).toBe('198.51.100.0/24')
  })

  it('ends one of them, never one of somebody else', async () => {
    const [who, stranger] = [await verified(app), await verified(app)]
    const other = await another(who)
    const target = (await listOf(who)).find(({ isCurrent }) => !isCurrent)?.id ?? ''
    expect((await end(stranger, target)).json()).toMatchObject({ status: 404, code: 'not_found' })
    expect((await end(stranger, crypto.randomUUID())).json()).toMatchObject({ code: 'not_found' })
    expect((await end(stranger, 'no-uuid')).json()).toMatchObject({ code: 'invalid_input' })
    expect(await app.sessions.find(other.secret)).toBeDefined()
    expect(app.endedSessions).not.toContain(target)
    expect((await end(who, target)).status).toBe(200)
    expect(await app.sessions.find(other.secret)).toBeUndefined()
    expect(app.endedSessions).toContain(target)
    expect((await end(who, target)).json()).toMatchObject({ code: 'not_found' })
  })

  it('ends all others at once, of this account alone', async () => {
    const [who, stranger] = [await verified(app), await verified(app)]
    const others = [await another(who), await another(who)]
    expect((await endOthers(who)).json()).toEqual({ ended: 2 })
    for (const { secret } of others) expect(await app.sessions.find(secret)).toBeUndefined()
    expect(await app.sessions.find(who.secret)).toBeDefined()
    expect(await app.sessions.find(stranger.secret)).toBeDefined()
  })
})

describe('a login session', () => {
  it('has a new secret after every sign-in, whatever cookie was there before', async () => {
    const who = await verified(app)
    const fixed = 'a'.repeat(40)
    const first = await another(who, { cookie: `flow_session=${fixed}`, ...ownOrigin(app) })
    expect(first.answer.status).toBe(200)
    expect(first.secret).not.toBe(fixed)
    expect(await app.sessions.find(fixed)).toBeUndefined()
    // A session that an attacker began and planted ends when its victim signs in over it.
    const attacker = await verified(app)
    const second = await another(who, headersOf(attacker))
    expect(second.secret).not.toBe(attacker.secret)
    expect(await app.sessions.find(attacker.secret)).toBeUndefined()
    expect(await app.sessions.find(second.secret)).toMatchObject({ userId: who.account.id })
  })

  it('ends with the browser where it shall not be remembered, and after a day without use', async () => {
    const who = await verified(app)
    const brief = await another(who, {}, { remember: false })
    const cookies = brief.answer.headers['set-cookie'] ?? []
    expect(cookies).toHaveLength(2)
    for (const cookie of cookies) expect(cookie).not.toMatch(/max-age|expires/i)
    const endsIn = async (secret: string) => {
      const publicId = (await app.sessions.find(secret))?.publicId ?? ''
      const [row] = await app.db.orm.select().from(loginSessions).where(eq(loginSessions.publicId, publicId))
      return { row, days: ((row?.expiresAt.getTime() ?? 0) - Date.now()) / DAY_MS }
    }
    expect((await endsIn(brief.secret)).days).toBeLessThanOrEqual(1)
    expect((await endsIn(who.secret)).days).toBeGreaterThan(29)
    // It slides by use, by its own length.
    const { row } = await endsIn(brief.secret)
    await app.db.orm
      .update(loginSessions)
      .set({ expiresAt: new Date(Date.now() + DAY_MS / 4) })
      .where(eq(loginSessions.id, row?.id ?? ''))
    const renewed = await send(app, '/api/me', { headers: brief.cookie })
    expect(renewed.headers['set-cookie']?.[0]).toMatch(`flow_session=${brief.secret}; Path=/; HttpOnly`)
    const { days } = await endsIn(brief.secret)
    expect(days).toBeGreaterThan(0.9)
    expect(days).toBeLessThanOrEqual(1)
  })

  it.each([
    { remember: true, lastDay: 90, slidesDays: 30 },
    { remember: false, lastDay: 7, slidesDays: 1 },
  ])('ends at the latest, however much it is used: %o', async ({ remember, lastDay, slidesDays }) => {
    const { cookie, secret } = await another(await verified(app), {}, { remember })
    const { publicId = '' } = (await app.sessions.find(secret)) ?? {}
    const isSession = eq(loginSessions.publicId, publicId)
    const begun = (daysAgo: number, endsInDays: number) =>
      app.db.orm
        .update(loginSessions)
        .set({
          createdAt: new Date(Date.now() - daysAgo * DAY_MS),
          expiresAt: new Date(Date.now() + endsInDays * DAY_MS),
        })
        .where(isSession)
    const use = async () => {
      const { headers, ...answer } = await send(app, '/api/me', { headers: cookie })
      const [row] = await app.db.orm.select().from(loginSessions).where(isSession)
      const endsAtDay = row && (row.expiresAt.getTime() - row.createdAt.getTime()) / DAY_MS
      return { isIn: answer.json().account !== null, isRenewed: 'set-cookie' in headers, endsAtDay }
    }
    // Its end moves on for the last time, up to the last day and not beyond.
    await begun(lastDay - slidesDays / 2, slidesDays / 4)
    const { endsAtDay, ...used } = await use()
    expect(used).toEqual({ isIn: true, isRenewed: true })
    expect(endsAtDay).toBeCloseTo(lastDay, 5)
    expect(await use()).toEqual({ isIn: true, isRenewed: false, endsAtDay })
    // One that was moved further before there was a last day ends all the same.
    await begun(lastDay, slidesDays / 2)
    expect((await use()).isIn).toBe(false)
    await app.runSweep()
    expect(await app.db.orm.select().from(loginSessions).where(isSession)).toEqual([])
    expect(app.endedSessions).toContain(publicId)
  })
})

describe('what is dangerous', () => {
  const confirm = (who: Pick<Who, 'cookie'>, password: string) =>
    post(app, '/api/account/confirm', { password }, headersOf(who))

  it('asks for the password again a quarter of an hour after signing in', async () => {
    const who = await verified(app)
    const ask = [
      () => put(app, '/api/account/email', { email: person().email }, headersOf(who)),
      () => put(app, '/api/account/phone', { phone: '+4930123456' }, headersOf(who)),
      () => send(app, '/api/account/phone', { method: 'DELETE', headers: headersOf(who) }),
      () => endOthers(who),
    ]
    app.clock.aheadMs += 15 * MINUTE_MS
    for (const dangerous of ask)
      expect((await dangerous()).json()).toMatchObject({
        status: 403,
        code: 'confirm_required',
        retry: false,
      })
    expect((await confirm(who, 'not this one')).json()).toMatchObject({ code: 'forbidden' })
    expect((await endOthers(who)).json()).toMatchObject({ code: 'confirm_required' })
    expect((await confirm(who, PASSWORD)).status).toBe(200)
    for (const dangerous of ask) expect((await dangerous()).status).toBeLessThan(300)
    app.clock.aheadMs += 15 * MINUTE_MS
    expect((await endOthers(who)).json()).toMatchObject({ code: 'confirm_required' })
    app.clock.aheadMs = 0
  })

  it('is confirmed for one session alone, and not by guessing', async () => {
    const who = await verified(app)
    const other = await another(who)
    app.clock.aheadMs += 15 * MINUTE_MS
    await confirm(who, PASSWORD)
    expect((await endOthers(other)).json()).toMatchObject({ code: 'confirm_required' })
    const codes: unknown[] = []
    for (let i = 0; i < 11; i++) codes.push((await confirm(other, `wrong ${i}`)).json().code)
    app.clock.aheadMs = 0
    expect(codes.slice(0, 9)).toEqual(Array.from({ length: 9 }, () => 'forbidden'))
    expect(codes.at(-1)).toBe('too_many_requests')
  })
})

describe('fields that nobody may send', () => {
  it('change nothing: role, id, proofs and the times of a session', async () => {
    const who = person()
    const evil = {
      ...{ id: crypto.randomUUID(), userId: crypto.randomUUID(), role: 'admin', emailVerifiedAt: 1 },
      ...{ isVerified: true, confirmedAt: Date.now() + DAY_MS, passwordVersion: 9, hasPassword: true },
    }
    expect((await post(app, '/api/auth/register', { ...who, ...evil }, elsewhere())).status).toBe(202)
    const mail = await nextMail(app, who.email)
    const [row] = await app.db.orm.select().from(credentials).where(eq(credentials.email, who.email))
    expect(row).toMatchObject({ emailVerifiedAt: null, phone: null, passwordVersion: 0 })
    const body = { token: tokenIn(mail), ...evil }
    const verifiedNow = await post(app, '/api/auth/verify', body, elsewhere())
    expect(verifiedNow.json()).toMatchObject({ account: { role: 'member', handle: who.handle } })
    const cookie = { cookie: cookieOf(verifiedNow) }
    app.clock.aheadMs += 15 * MINUTE_MS
    await post(app, '/api/account/confirm', { password: 'wrong', ...evil }, headersOf({ cookie }))
    expect((await endOthers({ cookie })).json()).toMatchObject({ code: 'confirm_required' })
    app.clock.aheadMs = 0
    const change = { current: PASSWORD, password: `${PASSWORD}!`, ...evil }
    expect((await put(app, '/api/account/password', change, headersOf({ cookie }))).status).toBe(200)
    const [user] = await app.db.orm.select().from(users).where(eq(users.handle, who.handle))
    expect(user).toMatchObject({ role: 'member' })
    expect(user?.id).not.toBe(evil.id)
  })

  it('neither are both contacts, nor none', async () => {
    const who = person()
    for (const body of [
      { ...who, phone: '+4930123456' },
      { ...who, email: undefined },
    ])
      for (const path of ['register', 'sign-in', 'forgot', 'resend'])
        expect((await post(app, `/api/auth/${path}`, body, elsewhere())).json(), path).toMatchObject({
          code: 'invalid_input',
        })
  })
})
