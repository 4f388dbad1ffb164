import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type HttpApp, startHttpApp } from './accounts.harness.ts'
import { nextMail, ORIGIN, PASSWORD, person, registered, tokenIn, verified } from './accounts.people.ts'
import { elsewhere, ownOrigin, post, put } from './http.requests.ts'

let app: HttpApp
beforeAll(async () => {
  app = await startHttpApp({ env: { TRUSTED_PROXIES: '127.0.0.1' } })
})
afterAll(() => app[Symbol.asyncDispose]())

const GUESSABLE = { status: 400, code: 'invalid_input', details: { issues: [{ path: 'password' }] } }

describe('an easily guessed password', () => {
  /** A listed one in other case, one of the place, and one of the person's own names. */
  const guessable = ({ handle, email }: { handle: string; email: string }) => [
    'PassWord1234',
    'SocialFlow2026',
    `${handle}99`,
    `x${email.split('@')[0]}!`,
  ]

  it('makes no account, and costs nothing that a good one needs', async () => {
    const who = person()
    for (const password of guessable(who)) {
      const answer = await post(app, '/api/auth/register', { ...who, password }, elsewhere())
      expect(answer.json()).toMatchObject(GUESSABLE)
    }
    expect((await post(app, '/api/auth/register', who, elsewhere())).status).toBe(202)
    const mail = await nextMail(app, who.email)
    expect((await app.accounts.verify(tokenIn(mail))).account.handle).toBe(who.handle)
  })

  it('is not set by a link, which stays good for another one', async () => {
    const who = await registered(app)
    await app.accounts.verify(who.token)
    await app.accounts.forgotPassword({ email: who.email }, ORIGIN)
    const token = tokenIn(await nextMail(app, who.email, [who.mail]))
    for (const password of guessable(who)) {
      const answer = await post(app, '/api/auth/reset', { token, password }, elsewhere())
      expect(answer.json()).toMatchObject(GUESSABLE)
    }
    expect((await app.accounts.signIn(who)).account.handle).toBe(who.handle)
    const reset = await post(app, '/api/auth/reset', { token, password: `${PASSWORD} 2` }, elsewhere())
    expect(reset.status).toBe(200)
  })

  it('does not take the place of the present one, nor become the first one of an admin', async () => {
    const who = await verified(app)
    const headers = { ...who.cookie, ...ownOrigin(app) }
    for (const password of guessable(who)) {
      const change = { current: PASSWORD, password }
      expect((await put(app, '/api/account/password', change, headers)).json()).toMatchObject(GUESSABLE)
    }
    expect((await app.accounts.signIn(who)).account.handle).toBe(who.handle)
    const link = await app.accounts.createLoginLink(await app.bareAccount('admin'))
    const { secret } = await app.accounts.signInByLink(link)
    const admin = { cookie: `flow_session=${secret}`, ...ownOrigin(app) }
    const first = { email: 'operator@example.com', password: 'operator2026' }
    expect((await put(app, '/api/account/credentials', first, admin)).json()).toMatchObject(GUESSABLE)
    const good = { ...first, password: PASSWORD }
    expect((await put(app, '/api/account/credentials', good, admin)).status).toBe(200)
  })
})
