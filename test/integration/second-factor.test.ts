import { eq } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { loginSessions } from '../../drizzle/schema/accounts.ts'
import { backupCodes, totpSecrets } from '../../drizzle/schema/second-factor.ts'
import { MINUTE_MS } from '../../src/core/time.ts'
import { createLocalKeys, createSealing } from '../../src/infra/secrets/sealing.ts'
import { type HttpApp, KEY, startHttpApp } from './accounts.harness.ts'
import { failure, PASSWORD, verified } from './accounts.people.ts'
import { cookieOf, elsewhere, ownOrigin, post, send } from './http.requests.ts'
import { browser, codeOf, held, withTotp } from './second-factor.people.ts'

let app: HttpApp
beforeAll(async () => {
  app = await startHttpApp({ env: { TRUSTED_PROXIES: '127.0.0.1' } })
})
afterAll(() => app[Symbol.asyncDispose]())

const FINISH = '/api/auth/second-factor'
const totp = (code: string) => ({ method: 'totp', code }) as const
const backup = (code: string) => ({ method: 'backup_code', code }) as const

describe('turning two-step verification on', () => {
  it('takes a code of the app, shows ten backup codes once, and stores none of it readable', async () => {
    const who = await verified(app)
    const asks = { ...who.cookie, ...ownOrigin(app) }
    const begun = (await post(app, '/api/account/totp', {}, asks)).json()
    expect(begun.uri).toContain(`otpauth://totp/Social%20Flow:${who.handle}?secret=${begun.secret}`)
    const wrong = await post(app, '/api/account/totp/on', { token: begun.token, code: '000000' }, asks)
    expect(wrong.json()).toMatchObject({ status: 401, details: { field: 'code' } })
    const state = async () => (await send(app, '/api/account/second-factor', { headers: who.cookie })).json()
    expect(await state()).toEqual({
      ...{ isOn: false, isPasswordEnough: true },
      ...{ backupCodesLeft: 0, passkeys: [] },
    })
    const code = await codeOf(app, String(begun.secret))
    const grouped = `${code.slice(0, 3)} ${code.slice(3)}`
    const on = await post(app, '/api/account/totp/on', { token: begun.token, code: grouped }, asks)
    const codes = on.json().backupCodes as string[]
    expect(codes).toHaveLength(10)
    expect(await state()).toEqual({
      ...{ isOn: true, isPasswordEnough: false },
      ...{ backupCodesLeft: 10, passkeys: [] },
    })

    const [row] = await app.db.orm.select().from(totpSecrets).where(eq(totpSecrets.userId, who.account.id))
    expect(row?.sealedSecret).not.toContain(begun.secret)
    const hashes = await app.db.orm.select().from(backupCodes).where(eq(backupCodes.userId, who.account.id))
    for (const { codeHash } of hashes) expect(codes.join()).not.toContain(codeHash)
    expect((await post(app, '/api/account/totp', {}, asks)).json()).toMatchObject({
      code: 'conflict',
      details: { reason: 'already_on' },
    })
  })

  it('needs a session that was confirmed lately, and a code confirms it', async () => {
    const who = await withTotp(app)
    const asks = { ...who.cookie, ...ownOrigin(app) }
    app.clock.aheadMs += 16 * MINUTE_MS
    const dangerous = ['/api/account/totp', '/api/account/totp/on', '/api/account/backup-codes']
    for (const path of [...dangerous, '/api/account/passkey-options', '/api/account/passkeys'])
      expect((await post(app, path, {}, asks)).json(), path).toMatchObject({ code: 'confirm_required' })
    const off = () => send(app, '/api/account/totp', { method: 'DELETE', headers: asks })
    expect((await off()).json()).toMatchObject({ code: 'confirm_required' })
    const confirm = (proof: unknown) => post(app, '/api/account/confirm/code', { proof }, asks)
    expect((await confirm(totp('123456'))).json()).toMatchObject({ code: 'unauthenticated' })
    expect((await confirm(totp(await codeOf(app, who.totpSecret)))).status).toBe(200)
    const fresh = await post(app, '/api/account/backup-codes', {}, asks)
    expect(fresh.json().backupCodes).toHaveLength(10)
    expect((await off()).status).toBe(200)
    expect((await post(app, '/api/account/backup-codes', {}, asks)).json()).toMatchObject({
      code: 'conflict',
      details: { reason: 'off' },
    })
    expect((await app.accounts.signIn(who)).account.id).toBe(who.account.id)
  })

  it('confirms by a code alone from then on: a password, also a changed one, is not enough', async () => {
    const who = await withTotp(app)
    const asks = { ...who.cookie, ...ownOrigin(app) }
    const dangerous = async () => (await post(app, '/api/account/backup-codes', {}, asks)).json()
    app.clock.aheadMs += 16 * MINUTE_MS
    const { verifies } = app.hashing
    for (const password of [PASSWORD, 'not this one'])
      expect((await post(app, '/api/account/confirm', { password }, asks)).json()).toMatchObject({
        ...{ code: 'forbidden', details: { reason: 'second_factor' } },
      })
    // Nobody learns here whether a password is right.
    expect(app.hashing.verifies).toBe(verifies)
    expect(await dangerous()).toMatchObject({ code: 'confirm_required' })
    const body = JSON.stringify({ current: PASSWORD, password: `${PASSWORD}, changed` })
    const headers = { ...asks, 'content-type': 'application/json' }
    expect((await send(app, '/api/account/password', { method: 'PUT', headers, body })).status).toBe(200)
    expect(await dangerous()).toMatchObject({ code: 'confirm_required' })
    const proof = backup(who.backupCodes[0] ?? '')
    expect((await post(app, '/api/account/confirm/code', { proof }, asks)).status).toBe(200)
    expect((await dangerous()).backupCodes).toHaveLength(10)
  })

  it('is begun for one account only: the token of another is worth nothing', async () => {
    const [alice, mallory] = [await verified(app), await verified(app)]
    const { token, secret } = await app.secondFactor.begin(mallory.account.id)
    const code = await codeOf(app, secret)
    expect(await failure(app.secondFactor.turnOn(alice.account.id, { token, code }))).toMatchObject({
      code: 'expired',
    })
    expect(await app.secondFactor.status(alice.account.id)).toMatchObject({ isOn: false })
  })
})

describe('signing in with two-step verification on', () => {
  it('begins no session by the password alone, and one by a code in the same browser', async () => {
    const who = await withTotp(app)
    const at = browser(app)
    const first = await at.post('/api/auth/sign-in', { email: who.email, password: PASSWORD })
    expect(first.json()).toMatchObject({
      ...{ status: 401, code: 'second_factor_required' },
      details: { methods: ['totp', 'backup_code'] },
    })
    expect([...at.cookies.keys()]).toEqual(['flow_browser'])
    const { ticket } = first.json().details as { ticket: string }
    const proof = totp(await codeOf(app, who.totpSecret, 1))
    const end = await at.post(FINISH, { ticket, proof })
    expect(end.json()).toMatchObject({ account: { handle: who.handle } })
    expect(cookieOf(end)).toMatch(/flow_session=[a-z2-7]{40}/)
    // Neither ticket nor code works again.
    expect((await at.post(FINISH, { ticket, proof })).json()).toMatchObject({ code: 'expired' })
  })

  it('is asked of login links too, which are used up by asking', async () => {
    const who = await withTotp(app)
    const token = await app.accounts.createLoginLink(who.account.id)
    const redeem = () => post(app, '/api/auth/link', { token, session: 'bearer' }, elsewhere())
    const ticket = (await redeem()).json().details?.ticket
    expect((await redeem()).json()).toMatchObject({ code: 'expired' })
    // A program has no cookies: its ticket is bound to nothing but itself, and makes a bearer.
    const proof = totp(await codeOf(app, who.totpSecret, 1))
    const end = await post(app, FINISH, { ticket, proof, session: 'bearer' }, elsewhere())
    expect((await app.sessions.find(String(end.json().bearer)))?.userId).toBe(who.account.id)
  })

  it('is refused to another browser that has the ticket, and to one without cookies', async () => {
    const who = await withTotp(app)
    const at = browser(app)
    const ticket = await held(at, who.email)
    const proof = totp(await codeOf(app, who.totpSecret, 1))
    const other = browser(app)
    await held(other, who.email)
    expect((await other.post(FINISH, { ticket, proof })).json()).toMatchObject({ code: 'expired' })
    expect((await browser(app).post(FINISH, { ticket, proof })).json()).toMatchObject({ code: 'expired' })
    const asProgram = await at.post(FINISH, { ticket, proof, session: 'bearer' })
    expect(asProgram.json()).toMatchObject({ code: 'expired' })
    expect((await at.post(FINISH, { ticket, proof })).status).toBe(200)
  })

  it('does not wait for more than ten minutes', async () => {
    const who = await withTotp(app)
    const at = browser(app)
    const ticket = await held(at, who.email)
    app.clock.aheadMs += 11 * MINUTE_MS
    const proof = totp(await codeOf(app, who.totpSecret))
    expect((await at.post(FINISH, { ticket, proof })).json()).toMatchObject({ code: 'expired' })
    await app.pending.sweepExpired()
    expect(
      await app.pending.find({ kind: 'second_factor', token: ticket, browser: undefined }),
    ).toBeUndefined()
  })

  it('takes a code of the app once, also when it comes twice at once or an older one follows', async () => {
    const who = await withTotp(app)
    const code = await codeOf(app, who.totpSecret, 1)
    const browsers = [browser(app), browser(app), browser(app)]
    const tickets = await Promise.all(browsers.map((at) => held(at, who.email)))
    const ends = await Promise.all(
      browsers.map((at, i) => at.post(FINISH, { ticket: tickets[i], proof: totp(code) })),
    )
    expect(ends.map(({ status }) => status).sort()).toEqual([200, 401, 401])
    // The code of the step before is still shown somewhere, and is void with the newer one.
    const older = browser(app)
    const ticket = await held(older, who.email)
    const proof = totp(await codeOf(app, who.totpSecret))
    expect((await older.post(FINISH, { ticket, proof })).status).toBe(401)
  })

  it('lets one of two redemptions of one backup code at once win, and counts it off', async () => {
    const who = await withTotp(app)
    const [code = '', second = ''] = who.backupCodes
    const browsers = [browser(app), browser(app)]
    const tickets = await Promise.all(browsers.map((at) => held(at, who.email)))
    const ends = await Promise.all(
      browsers.map((at, i) => at.post(FINISH, { ticket: tickets[i], proof: backup(code) })),
    )
    expect(ends.map(({ status }) => status).sort()).toEqual([200, 401])
    expect(await app.secondFactor.status(who.account.id)).toMatchObject({ backupCodesLeft: 9 })
    // New codes make the old ones void.
    await app.secondFactor.renewBackupCodes(who.account.id)
    const at = browser(app)
    const ticket = await held(at, who.email)
    expect((await at.post(FINISH, { ticket, proof: backup(second) })).status).toBe(401)
  })

  it('lets one of two finishes of one held sign-in win', async () => {
    const who = await withTotp(app)
    const at = browser(app)
    const ticket = await held(at, who.email)
    const ends = await Promise.all(
      who.backupCodes.slice(0, 2).map((code) => at.post(FINISH, { ticket, proof: backup(code) })),
    )
    expect(ends.map(({ status }) => status).sort()).toEqual([200, 410])
    const rows = await app.db.orm.select().from(loginSessions).where(eq(loginSessions.userId, who.account.id))
    // The first one is of the registration.
    expect(rows).toHaveLength(2)
    // The code that came second was not used up for nothing.
    expect(await app.secondFactor.status(who.account.id)).toMatchObject({ backupCodesLeft: 9 })
  })

  it('bounds guessing: five tries for a ticket, ten for an account in an hour', async () => {
    const who = await withTotp(app)
    const guess = (at: ReturnType<typeof browser>, ticket: string) =>
      at.post(FINISH, { ticket, proof: totp('000000') })
    // One try of the hour was the code that turned it on.
    const at = browser(app)
    const ticket = await held(at, who.email)
    const tries = await Promise.all([1, 2, 3, 4, 5, 6, 7].map(() => guess(at, ticket)))
    expect(tries.map(({ status }) => status).sort()).toEqual([401, 401, 401, 401, 401, 410, 410])
    const right = totp(await codeOf(app, who.totpSecret, 1))
    expect((await at.post(FINISH, { ticket, proof: right })).status).toBe(410)

    const again = browser(app)
    const next = await held(again, who.email)
    const statuses: number[] = []
    for (let i = 0; i < 5; i++) statuses.push((await guess(again, next)).status)
    expect(statuses).toEqual([401, 401, 401, 401, 429])
    const third = browser(app)
    const last = await held(third, who.email)
    expect((await third.post(FINISH, { ticket: last, proof: right })).status).toBe(429)
  })
})

describe('the secret of an app', () => {
  it('does not open in the row of another account', async () => {
    const [alice, mallory] = [await withTotp(app), await withTotp(app)]
    const [mine] = await app.db.orm
      .select()
      .from(totpSecrets)
      .where(eq(totpSecrets.userId, mallory.account.id))
    await app.db.orm
      .update(totpSecrets)
      .set({ sealedSecret: mine?.sealedSecret ?? '', lastStep: 0 })
      .where(eq(totpSecrets.userId, alice.account.id))
    const at = browser(app)
    const ticket = await held(at, alice.email)
    const proof = totp(await codeOf(app, mallory.totpSecret, 1))
    const answer = await at.post(FINISH, { ticket, proof })
    expect(answer.json()).toMatchObject({ code: 'internal' })
    expect(at.cookies.has('flow_session')).toBe(false)
  })

  it('is sealed anew with the present key when its next code comes', async () => {
    const former = 'the key before this one of 32 and more'
    const other = await startHttpApp({ env: { FORMER_SECRET_KEYS: former, TRUSTED_PROXIES: '127.0.0.1' } })
    try {
      const who = await withTotp(other)
      const { id } = who.account
      const sealedSecret = await createSealing(createLocalKeys(former)).seal(who.totpSecret, `totp:${id}`)
      await other.db.orm.update(totpSecrets).set({ sealedSecret }).where(eq(totpSecrets.userId, id))
      const at = browser(other)
      const ticket = await held(at, who.email)
      const proof = totp(await codeOf(other, who.totpSecret, 1))
      expect((await at.post(FINISH, { ticket, proof })).status).toBe(200)
      const [row] = await other.db.orm.select().from(totpSecrets).where(eq(totpSecrets.userId, id))
      expect(row?.sealedSecret).not.toBe(sealedSecret)
      expect(createSealing(createLocalKeys(KEY)).isCurrent(row?.sealedSecret ?? '')).toBe(true)
    } finally {
      await other[Symbol.asyncDispose]()
    }
  })
})
