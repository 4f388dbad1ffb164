import { eq } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { knownDevices, loginSessions, oneTimeTokens } from '../../drizzle/schema/accounts.ts'
import { HOUR_MS } from '../../src/core/time.ts'
import type { InboxMail } from '../../src/features/inbox/inbox.service.ts'
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
import { cookieOf, elsewhere, ownOrigin, post, put } from './http.requests.ts'

let app: HttpApp
beforeAll(async () => {
  app = await startHttpApp({ env: { TRUSTED_PROXIES: '127.0.0.1' } })
})
afterAll(() => app[Symbol.asyncDispose]())
const service = () => app.accounts
const NEW_PASSWORD = 'another long password'

async function asked(who: { email: string; mail: InboxMail }) {
  await service().forgotPassword({ email: who.email }, ORIGIN)
  const mail = await nextMail(app, who.email, [who.mail])
  return { mail, token: tokenIn(mail) }
}

describe('a forgotten password', () => {
  it('is set anew by a mailed link, which signs in and ends every other session', async () => {
    const who = await verified(app)
    const other = await service().signIn(who)
    const sessions = [await app.sessions.find(who.secret), await app.sessions.find(other.secret)]
    const { mail, token } = await asked(who)
    expect(mail.subject).toBe('Set a new password')
    expect(mail.text).toContain(`${ORIGIN}/reset?token=`)
    expect(JSON.stringify(await app.db.orm.select().from(oneTimeTokens))).not.toContain(token)

    const body = { token, password: NEW_PASSWORD }
    const answer = await post(app, '/api/auth/reset', body, elsewhere())
    expect(answer.status).toBe(200)
    const secret = cookieOf(answer).match(/flow_session=([a-z2-7]{40})/)?.[1] ?? ''
    expect(await app.sessions.find(secret)).toMatchObject({ userId: who.account.id })
    for (const ended of [who.secret, other.secret]) expect(await app.sessions.find(ended)).toBeUndefined()
    expect(app.endedSessions).toEqual(expect.arrayContaining(sessions.map((session) => session?.publicId)))

    expect(await failure(service().signIn(who))).toMatchObject({ code: 'unauthenticated' })
    expect((await service().signIn({ ...who, password: NEW_PASSWORD })).account.id).toBe(who.account.id)
    const notice = await nextMail(app, who.email, [who.mail, mail])
    expect(notice.subject).toBe('Your password was changed')
    expect((await post(app, '/api/auth/reset', body, elsewhere())).json()).toMatchObject({ code: 'expired' })
  })

  it('is set once when its link is redeemed twice at once, and by one of two links', async () => {
    for (let round = 0; round < 4; round++) {
      const who = await verified(app)
      const first = await asked(who)
      await service().forgotPassword({ email: who.email }, ORIGIN)
      const second = tokenIn(await nextMail(app, who.email, [who.mail, first.mail]))
      const tries = [first.token, first.token, second].map((token, at) =>
        service().resetPassword({ token, password: `${NEW_PASSWORD} ${at}` }, ORIGIN),
      )
      const results = await Promise.allSettled(tries)
      expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
      expect(
        await failure(service().resetPassword({ token: second, password: PASSWORD }, ORIGIN)),
      ).toMatchObject({ code: 'expired' })
    }
  })

  it('leaves a link unredeemed that has expired, is of another kind or never was', async () => {
    const who = await verified(app)
    const { token } = await asked(who)
    const reset = (given: string) => service().resetPassword({ token: given, password: NEW_PASSWORD }, ORIGIN)
    expect(await failure(service().verify(token))).toMatchObject({ code: 'expired' })
    expect(await failure(service().signInByLink(token))).toMatchObject({ code: 'expired' })
    expect(await failure(service().confirmEmail(token, ORIGIN))).toMatchObject({ code: 'expired' })
    expect(await failure(reset((await registered(app)).token))).toMatchObject({ code: 'expired' })
    expect(await failure(reset('x'.repeat(43)))).toMatchObject({ code: 'expired' })
    app.clock.aheadMs += HOUR_MS
    expect(await failure(reset(token))).toMatchObject({ code: 'expired' })
    app.clock.aheadMs = 0
    expect((await service().signIn(who)).account.id).toBe(who.account.id)
  })

  it('is asked for by the same answer and the same work, whoever the address belongs to', async () => {
    const [owner, waiting] = [await verified(app), await registered(app)]
    const workOf = async (email: string) => {
      const before = { ...app.hashing, jobs: await app.jobsCount() }
      const answer = await post(app, '/api/auth/forgot', { email }, elsewhere())
      const { hashes, verifies } = app.hashing
      return {
        answer: [answer.status, answer.text],
        hashes: hashes - before.hashes,
        verifies: verifies - before.verifies,
        jobs: (await app.jobsCount()) - before.jobs,
      }
    }
    const known = await workOf(owner.email)
    expect(known).toEqual({ answer: [202, '{}'], hashes: 0, verifies: 0, jobs: 1 })
    expect(await workOf(person().email)).toEqual(known)
    expect(await workOf(waiting.email)).toEqual(known)
    // An address that nobody proved gets no link: it may be a stranger's.
    await nextMail(app, owner.email, [owner.mail])
    const { mails } = await app.inbox.list()
    expect(mails.filter(({ to }) => to === waiting.email)).toHaveLength(1)
  })

  it('does the same hashing for a token that is good and for one that is not', async () => {
    const { token } = await asked(await verified(app))
    const hashesOf = async (given: string) => {
      const before = app.hashing.hashes
      await service()
        .resetPassword({ token: given, password: NEW_PASSWORD }, ORIGIN)
        .catch(() => {})
      return app.hashing.hashes - before
    }
    expect(await hashesOf('y'.repeat(43))).toBe(1)
    expect(await hashesOf(token)).toBe(1)
  })

  it('makes devices strangers again, and refuses a password that was right before it', async () => {
    const who = await verified(app)
    const { token } = await asked(who)
    await service().resetPassword({ token, password: NEW_PASSWORD }, ORIGIN)
    const devices = await app.db.orm
      .select()
      .from(knownDevices)
      .where(eq(knownDevices.userId, who.account.id))
    expect(devices).toHaveLength(1)
    const error = await failure(service().begin(who.account.id, {}, 0))
    expect(error).toMatchObject({ code: 'unauthenticated' })
  })

  it('leaves no session to whoever signs in with the old one at the same moment', async () => {
    for (let round = 0; round < 4; round++) {
      const who = await verified(app)
      const { token } = await asked(who)
      const [reset, ...late] = await Promise.allSettled([
        service().resetPassword({ token, password: NEW_PASSWORD }, ORIGIN),
        ...[1, 2, 3].map(() => service().signIn(who)),
      ])
      if (reset?.status !== 'fulfilled') expect.fail('The reset was refused.')
      const rows = await app.db.orm
        .select()
        .from(loginSessions)
        .where(eq(loginSessions.userId, who.account.id))
      expect(rows).toHaveLength(1)
      expect(await app.sessions.find(reset.value.secret)).toBeDefined()
      for (const attempt of late)
        if (attempt.status === 'fulfilled')
          expect(await app.sessions.find(attempt.value.secret)).toBeUndefined()
    }
  })

  it('does not go around the second factor', async () => {
    const who = await verified(app)
    const step = { ticket: 'a ticket', methods: ['totp'], expiresAt: 1 }
    const { token } = await asked(who)
    app.secondSteps.set(who.account.id, step)
    const answer = await post(app, '/api/auth/reset', { token, password: NEW_PASSWORD }, elsewhere())
    expect(answer.json()).toMatchObject({ status: 401, code: 'second_factor_required', details: step })
    expect(answer.headers['set-cookie']).toEqual([expect.stringMatching(/^flow_browser=/)])
    const link = await service().createLoginLink(who.account.id)
    for (const attempt of [
      () => service().signIn({ ...who, password: NEW_PASSWORD }),
      () => service().signInByLink(link),
    ])
      expect(await failure(attempt())).toMatchObject({ code: 'second_factor_required', details: step })
    const rows = await app.db.orm.select().from(loginSessions).where(eq(loginSessions.userId, who.account.id))
    expect(rows).toEqual([])
    const { secret } = await service().begin(who.account.id, {}, 1)
    expect(await app.sessions.find(secret)).toBeDefined()
  })
})

describe('changing the password', () => {
  const change = (who: Awaited<ReturnType<typeof verified>>, body: unknown) =>
    put(app, '/api/account/password', body, { ...who.cookie, ...ownOrigin(app) })

  it('needs the present one, ends all other sessions and keeps this one', async () => {
    const who = await verified(app)
    const other = await service().signIn(who)
    const wrong = await change(who, { current: 'not this one', password: NEW_PASSWORD })
    expect(wrong.json()).toMatchObject({
      status: 403,
      code: 'forbidden',
      details: { reason: 'wrong_password' },
    })
    expect((await change(who, { current: PASSWORD, password: 'short' })).status).toBe(400)
    expect((await change(who, { current: PASSWORD, password: NEW_PASSWORD })).status).toBe(200)
    expect(await app.sessions.find(who.secret)).toBeDefined()
    expect(await app.sessions.find(other.secret)).toBeUndefined()
    expect(await failure(service().signIn(who))).toMatchObject({ code: 'unauthenticated' })
    expect((await service().signIn({ ...who, password: NEW_PASSWORD })).account.id).toBe(who.account.id)
  })

  it('can not be used to find the password out with a stolen session', async () => {
    const who = await verified(app)
    const codes = new Set<string>()
    for (let i = 0; i < 12; i++)
      codes.add((await change(who, { current: `wrong ${i}`, password: NEW_PASSWORD })).json().code as string)
    expect([...codes]).toEqual(['forbidden', 'too_many_requests'])
  })

  it('happens once when two changes from the same present one come at once', async () => {
    const who = await verified(app)
    const answers = await Promise.all(
      ['first new password', 'second new password'].map((password) =>
        change(who, { current: PASSWORD, password }),
      ),
    )
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 403])
  })
})
