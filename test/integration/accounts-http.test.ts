import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createApi } from '../../client/http.ts'
import { loginSessions } from '../../drizzle/schema/accounts.ts'
import { DAY_MS } from '../../src/core/time.ts'
import { type HttpApp, startHttpApp } from './accounts.harness.ts'
import { nextMail, PASSWORD, person, verified } from './accounts.people.ts'
import { cookieOf, ownOrigin, post, SIGNED_OUT, send } from './http.requests.ts'

let app: HttpApp
beforeAll(async () => {
  app = await startHttpApp()
})
afterAll(() => app[Symbol.asyncDispose]())

describe('an account over HTTP', () => {
  it('is registered, verified from the inbox, signed in, given a socket token and signed out', async () => {
    const who = person()
    expect(await post(app, '/api/auth/register', who, ownOrigin(app))).toMatchObject({
      status: 202,
      text: '{}',
    })
    await nextMail(app, who.email)
    const { mails } = (await send(app, '/api/dev/inbox')).json() as { mails?: { to: string; text: string }[] }
    const link = mails?.find(({ to }) => to === who.email)?.text.match(/http\S+/)?.[0] ?? ''
    expect(link.startsWith(`${app.baseUrl}/verify?token=`)).toBe(true)

    const early = await post(app, '/api/auth/sign-in', { email: who.email, password: PASSWORD })
    expect(early.json()).toMatchObject({ status: 403, code: 'forbidden', details: { reason: 'unverified' } })

    const verified = await post(app, '/api/auth/verify', { token: new URL(link).searchParams.get('token') })
    expect(verified.json()).toMatchObject({ account: { handle: who.handle } })
    expect(verified.json()).not.toHaveProperty('bearer')
    expect(verified.headers['set-cookie']?.[0]).toMatch(
      /^flow_session=[a-z2-7]{40}; Max-Age=2592000; Path=\/; HttpOnly; SameSite=Lax$/,
    )
    const cookie = { cookie: cookieOf(verified) }
    expect((await send(app, '/api/me', { headers: cookie })).json()).toMatchObject({
      account: { handle: who.handle },
    })

    const { token, viewerId } = (
      await post(app, '/api/socket-token', {}, { ...cookie, ...ownOrigin(app) })
    ).json()
    const viewer = await app.socketTokens.verify(token)
    expect(viewer).toMatchObject({ id: viewerId, account: { handle: who.handle, role: 'member' } })

    const out = await post(app, '/api/auth/sign-out', {}, { ...cookie, ...ownOrigin(app) })
    expect(out.headers['set-cookie']?.[0]).toMatch(/^flow_session=;.*Max-Age=0/)
    expect((await send(app, '/api/me', { headers: cookie })).json()).toEqual(SIGNED_OUT)
    expect(app.endedSessions).toContain(viewer.loginSessionId)
  })

  it('works with a bearer for programs, without cookies and without an origin', async () => {
    const who = await verified(app)
    let bearer: string | undefined
    const api = createApi({ baseUrl: app.baseUrl, bearer: () => bearer })
    const body = { email: who.email, password: PASSWORD, session: 'bearer' } as const
    bearer = (await api.request('post /api/auth/sign-in', { body })).bearer
    expect((await api.request('get /api/me')).account?.handle).toBe(who.handle)
    await api.request('post /api/auth/sign-out')
    expect((await api.request('get /api/me')).account).toBeNull()
    await expect(api.request('put /api/account/credentials', { body })).rejects.toMatchObject({
      code: 'unauthenticated',
    })
  })

  it('tells the browser to forget what it kept when it signs out, and a program nothing', async () => {
    const who = await verified(app)
    const forget = { 'clear-site-data': '"cache", "storage"' }
    const out = await post(app, '/api/auth/sign-out', {}, { ...who.cookie, ...ownOrigin(app) })
    expect(out.headers).toMatchObject(forget)
    // Also a browser whose session ended before.
    expect((await post(app, '/api/auth/sign-out', {}, ownOrigin(app))).headers).toMatchObject(forget)
    const { secret } = await app.accounts.signIn(who)
    const program = await post(app, '/api/auth/sign-out', {}, { authorization: `Bearer ${secret}` })
    expect(program.status).toBe(200)
    expect(program.headers).not.toHaveProperty('clear-site-data')
  })

  it('ends the session that a browser had before when it signs in anew', async () => {
    const who = await verified(app)
    const answer = await post(app, '/api/auth/sign-in', who, {
      ...who.cookie,
      ...ownOrigin(app),
    })
    expect(answer.status).toBe(200)
    expect(await app.sessions.find(who.secret)).toBeUndefined()
  })

  it('renews the cookie of whoever comes back in the second half of its life', async () => {
    const who = await verified(app)
    expect((await send(app, '/api/me', { headers: who.cookie })).headers['set-cookie']).toBeUndefined()
    await app.db.orm.update(loginSessions).set({ expiresAt: new Date(Date.now() + DAY_MS) })
    const answer = await send(app, '/api/me', { headers: who.cookie })
    expect(answer.headers['set-cookie']?.[0]).toMatch(
      `flow_session=${who.secret}; Max-Age=2592000; Path=/; HttpOnly`,
    )
  })

  it('is not needed to watch: an anonymous visitor stays the same in one browser', async () => {
    const first = await post(app, '/api/socket-token', {})
    expect(first.headers['set-cookie']?.[0]).toMatch(/^flow_visitor=[0-9a-f-]{36}; .*HttpOnly; SameSite=Lax/)
    const { viewerId, token } = first.json()
    expect(await app.socketTokens.verify(token)).toEqual({
      ...{ id: viewerId, origin: { address: '127.0.0.1', userAgent: '' } },
    })
    const again = await post(app, '/api/socket-token', {}, { cookie: cookieOf(first), ...ownOrigin(app) })
    expect(again.json().viewerId).toBe(viewerId)
    expect(again.headers['set-cookie']).toBeUndefined()
    const forged = await post(
      app,
      '/api/socket-token',
      {},
      { cookie: 'flow_visitor=admin', ...ownOrigin(app) },
    )
    expect(forged.json().viewerId).toMatch(/^anon:[0-9a-f-]{36}$/)
  })
})
