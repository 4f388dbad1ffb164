import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { oneTimeTokens, phoneCodes } from '../../drizzle/schema/accounts.ts'
import { DAY_MS, MINUTE_MS } from '../../src/core/time.ts'
import { type HttpApp, startHttpApp } from './accounts.harness.ts'
import {
  codeIn,
  failure,
  nextMail,
  nextText,
  ORIGIN,
  otherCode,
  PASSWORD,
  person,
  phoneNumber,
  tokenIn,
  verified,
} from './accounts.people.ts'
import { elsewhere, ownOrigin, post, put, send } from './http.requests.ts'

let app: HttpApp
beforeAll(async () => {
  app = await startHttpApp({ env: { TRUSTED_PROXIES: '127.0.0.1' } })
})
afterAll(() => app[Symbol.asyncDispose]())
const service = () => app.accounts
type Who = Awaited<ReturnType<typeof verified>>
const headersOf = (who: Who) => ({ ...who.cookie, ...ownOrigin(app) })
const contactsOf = async (who: Who) =>
  (await send(app, '/api/account/contacts', { headers: who.cookie })).json()

/** Somebody who asked for another address and has its mail. */
async function moving(email = person().email) {
  const who = await verified(app)
  expect((await put(app, '/api/account/email', { email }, headersOf(who))).status).toBe(202)
  return { who, email, token: tokenIn(await nextMail(app, email)) }
}
const confirm = (token: string) => post(app, '/api/auth/confirm-email', { token }, elsewhere())
const undo = (token: string) => post(app, '/api/auth/undo-email', { token }, elsewhere())

describe('a change of mail address', () => {
  it('holds once the link at the new one is opened, which the former one is told', async () => {
    const { who, email, token } = await moving()
    expect(await contactsOf(who)).toMatchObject({ email: who.email, pendingEmail: email })
    expect((await service().signIn(who)).account.id).toBe(who.account.id)
    expect(await failure(service().signIn({ email, password: PASSWORD }))).toMatchObject({
      code: 'unauthenticated',
    })
    expect((await confirm(token)).status).toBe(200)
    expect(await contactsOf(who)).toMatchObject({ email, pendingEmail: null })
    expect((await service().signIn({ email, password: PASSWORD })).account.id).toBe(who.account.id)
    expect(await failure(service().signIn(who))).toMatchObject({ code: 'unauthenticated' })
    const notice = await nextMail(app, who.email, [who.mail])
    expect(notice.text).toContain('/undo-email?token=')
    expect((await confirm(token)).json()).toMatchObject({ code: 'expired' })
  })

  it('is taken back at the former address: whoever made it is out, and a new password is needed', async () => {
    const { who, email, token } = await moving()
    await confirm(token)
    const notice = await nextMail(app, who.email, [who.mail])
    // Whoever took the account over goes further: another address still, and a telephone number.
    const phone = await proved(who)
    await service().changeEmail(who.account.id, `again-${email}`, ORIGIN)
    await confirm(tokenIn(await nextMail(app, `again-${email}`)))
    const theirs = tokenIn(await nextMail(app, email, [await nextMail(app, email)]))

    const both = await Promise.all([undo(tokenIn(notice)), undo(tokenIn(notice))])
    expect(both.map(({ status }) => status).sort()).toEqual([200, 410])
    expect(await app.sessions.find(who.secret)).toBeUndefined()
    expect((await undo(theirs)).json()).toMatchObject({ code: 'expired' })
    const attempts = [
      { email: `again-${email}`, password: PASSWORD },
      { email: who.email, password: PASSWORD },
      { phone, password: PASSWORD },
    ]
    for (const attempt of attempts)
      expect(await failure(service().signIn(attempt))).toMatchObject({ code: 'unauthenticated' })
    const reset = await nextMail(app, who.email, [who.mail, notice])
    expect(reset.subject).toBe('Set a new password')
    const input = { token: tokenIn(reset), password: 'the owner is back' }
    expect((await service().resetPassword(input, ORIGIN)).account.id).toBe(who.account.id)
  })

  it('is not taken back after a week, nor by the link that made it', async () => {
    const { who, token } = await moving()
    expect((await undo(token)).json()).toMatchObject({ code: 'expired' })
    await confirm(token)
    const notice = await nextMail(app, who.email, [who.mail])
    app.clock.aheadMs += 7 * DAY_MS
    expect((await undo(tokenIn(notice))).json()).toMatchObject({ code: 'expired' })
    app.clock.aheadMs = 0
  })

  it('gets the same answer for an address in use, whose owner is told, and takes it from nobody', async () => {
    const [who, owner] = [await verified(app), await verified(app)]
    const fresh = await put(app, '/api/account/email', { email: person().email }, headersOf(who))
    const taken = await put(app, '/api/account/email', { email: owner.email }, headersOf(who))
    expect([taken.status, taken.text]).toEqual([fresh.status, fresh.text])
    const notice = await nextMail(app, owner.email, [owner.mail])
    expect(notice.subject).toBe('You already have an account')
    expect(notice.text).not.toContain('token=')
  })

  it('ends in one account when two want the same address at once', async () => {
    const first = await moving()
    const other = await verified(app)
    const seen = [await nextMail(app, first.email)]
    await put(app, '/api/account/email', { email: first.email }, headersOf(other))
    const second = tokenIn(await nextMail(app, first.email, seen))
    const answers = await Promise.all([confirm(first.token), confirm(second)])
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409])
  })

  it('can not be undone to an address that has another account by now', async () => {
    const { who, token } = await moving()
    await confirm(token)
    const notice = await nextMail(app, who.email, [who.mail])
    const heir = { ...person(), email: who.email }
    await service().register(heir, ORIGIN)
    await service().verify(tokenIn(await nextMail(app, who.email, [who.mail, notice])))
    expect((await undo(tokenIn(notice))).json()).toMatchObject({
      code: 'conflict',
      details: { field: 'email' },
    })
    expect(await app.sessions.find(who.secret)).toBeDefined()
  })

  it('keeps no link or code readable', async () => {
    const { who, token } = await moving()
    const phone = phoneNumber()
    await put(app, '/api/account/phone', { phone }, headersOf(who))
    const code = codeIn(await nextText(app, phone))
    expect(JSON.stringify(await app.db.orm.select().from(oneTimeTokens))).not.toContain(token)
    const codes = await app.db.orm.select().from(phoneCodes)
    expect(codes.length).toBeGreaterThan(0)
    expect(codes.every(({ codeHash }) => codeHash.startsWith('$argon2id$'))).toBe(true)
    expect(JSON.stringify(codes)).not.toContain(`"${code}"`)
  })
})

/** Adds a number to somebody's account. */
async function proved(who: Who, phone = phoneNumber()) {
  await service().changePhone(who.account.id, phone, ORIGIN)
  await service().verifyPhone(who.account.id, codeIn(await nextText(app, phone)))
  return phone
}

describe('a telephone number', () => {
  it('is added by the code that was texted, signs in, resets the password, and is taken away', async () => {
    const who = await verified(app)
    const phone = phoneNumber()
    const written = `00${phone.slice(1, 3)} (${phone.slice(3, 6)}) ${phone.slice(6)}`
    expect((await put(app, '/api/account/phone', { phone: written }, headersOf(who))).status).toBe(202)
    const text = await nextText(app, phone)
    expect(await contactsOf(who)).toMatchObject({ phone: null, pendingPhone: phone })
    const answer = await post(app, '/api/account/phone/verify', { code: codeIn(text) }, headersOf(who))
    expect(answer.status).toBe(200)
    expect(await contactsOf(who)).toMatchObject({ email: who.email, phone, pendingPhone: null })
    const signIn = await post(app, '/api/auth/sign-in', { phone, password: PASSWORD }, elsewhere())
    expect(signIn.json()).toMatchObject({ account: { id: who.account.id } })

    await post(app, '/api/auth/forgot', { phone }, elsewhere())
    const reset = await nextText(app, phone, [text])
    expect(reset.text).toMatch(/\/reset\?token=[\w-]{43}/)
    const gone = await send(app, '/api/account/phone', { method: 'DELETE', headers: headersOf(who) })
    expect(gone.status).toBe(200)
    expect(await failure(service().signIn({ phone, password: PASSWORD }))).toMatchObject({
      code: 'unauthenticated',
    })
  })

  it('is enough for an account: it is registered, verified, signed in and can not be taken away', async () => {
    const { email, ...who } = person()
    const phone = phoneNumber()
    const body = { ...who, phone }
    expect((await post(app, '/api/auth/register', body, elsewhere())).status).toBe(202)
    const text = await nextText(app, phone)
    expect(await failure(service().signIn({ phone, password: PASSWORD }))).toMatchObject({
      code: 'forbidden',
      details: { reason: 'unverified' },
    })
    const verify = (code: string) => post(app, '/api/auth/verify-phone', { phone, code }, elsewhere())
    expect((await verify(otherCode(codeIn(text)))).json()).toMatchObject({ code: 'expired' })
    const both = await Promise.all([verify(codeIn(text)), verify(codeIn(text))])
    expect(both.map(({ status }) => status).sort()).toEqual([200, 410])
    const { account } = await service().signIn({ phone, password: PASSWORD })
    expect(account).toMatchObject({ handle: who.handle, hasPassword: true })
    expect(await failure(service().removePhone(account.id))).toMatchObject({ code: 'conflict' })
    expect(await service().contacts(account.id)).toMatchObject({ email: null, phone })
    expect(email).toContain('@')
  })

  it('gets five tries for its code, also all at once, and ten minutes', async () => {
    const who = await verified(app)
    const phone = phoneNumber()
    await service().changePhone(who.account.id, phone, ORIGIN)
    const text = await nextText(app, phone)
    const wrong = otherCode(codeIn(text))
    const tries = [...Array.from({ length: 8 }, () => wrong), codeIn(text)]
    for (const result of await Promise.allSettled(
      tries.slice(0, 8).map((code) => service().verifyPhone(who.account.id, code)),
    ))
      expect(result).toMatchObject({ status: 'rejected', reason: { code: 'expired' } })
    expect(await failure(service().verifyPhone(who.account.id, codeIn(text)))).toMatchObject({
      code: 'expired',
    })
    await service().changePhone(who.account.id, phone, ORIGIN)
    const second = await nextText(app, phone, [text])
    app.clock.aheadMs += 10 * MINUTE_MS
    expect(await failure(service().verifyPhone(who.account.id, codeIn(second)))).toMatchObject({
      code: 'expired',
    })
    app.clock.aheadMs = 0
    await service().verifyPhone(who.account.id, codeIn(second))
  })

  it('of somebody gets the same answers as one that is free, by the same work', async () => {
    const owner = await verified(app)
    const taken = await proved(owner)
    const seen = (await app.inbox.list()).texts.filter(({ to }) => to === taken)
    const tried = async (phone: string) => {
      const before = { ...app.hashing }
      const { email: _email, ...who } = person()
      const registered = await post(app, '/api/auth/register', { ...who, phone }, elsewhere())
      const code = await post(app, '/api/auth/verify-phone', { phone, code: '123456' }, elsewhere())
      return {
        registered: [registered.status, registered.text],
        code: [code.status, code.json().code],
        verifies: app.hashing.verifies - before.verifies,
      }
    }
    expect(await tried(taken)).toEqual(await tried(phoneNumber()))
    expect((await nextText(app, taken, seen)).text).toContain('You already have an account')
    const other = await verified(app)
    await service().changePhone(other.account.id, taken, ORIGIN)
    const told = (await app.inbox.list()).texts.filter(({ to }) => to === taken)
    const notice = await nextText(app, taken, told)
    expect(codeIn(notice)).toBe('')
    expect((await service().signIn({ phone: taken, password: PASSWORD })).account.id).toBe(owner.account.id)
  })

  it('belongs to whoever proves it first when two accounts wait for it', async () => {
    const [one, two] = [await verified(app), await verified(app)]
    const phone = phoneNumber()
    await service().changePhone(one.account.id, phone, ORIGIN)
    const first = await nextText(app, phone)
    await service().changePhone(two.account.id, phone, ORIGIN)
    const second = await nextText(app, phone, [first])
    await service().verifyPhone(one.account.id, codeIn(first))
    expect(await failure(service().verifyPhone(two.account.id, codeIn(second)))).toMatchObject({
      code: 'conflict',
    })
  })

  it('is limited to ten texts a day, whoever asks', async () => {
    const phone = phoneNumber()
    for (let i = 0; i < 10; i++) {
      app.clock.aheadMs = 0
      await app.limits.take(`account-texts:${phone}`, { credits: 10, perMs: DAY_MS })
    }
    expect(await failure(service().forgotPassword({ phone }, ORIGIN))).toMatchObject({
      code: 'too_many_requests',
    })
  })
})

describe('a server that sends mails but no texts', () => {
  it('takes no telephone numbers, and says so', async () => {
    await using mailing = await startHttpApp({ env: { SMTP_URL: 'smtp://127.0.0.1:1' } })
    const { email: _email, ...who } = person()
    const answer = await post(mailing, '/api/auth/register', { ...who, phone: phoneNumber() })
    expect(answer.json()).toMatchObject({ code: 'invalid_input', details: { issues: [{ path: 'phone' }] } })
    expect((await send(mailing, '/api/config')).json()).toMatchObject({ hasTexts: false })
    expect((await send(app, '/api/config')).json()).toMatchObject({ hasTexts: true })
  })
})
