import { generate } from 'otplib'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createApi } from '../../client/http.ts'
import { startApp, type TestApp } from '../support/app.ts'
import { PASSWORD, type Person } from '../support/person.ts'
import { rawSocket } from '../support/raw-socket.ts'
import { about, outcome } from '../support/staff.ts'
import { until } from '../support/until.ts'

let app: TestApp
let ada: Person
let bob: Person

beforeAll(async () => {
  app = await startApp({ LOG_LEVEL: 'info' })
  ;[ada, bob] = await Promise.all([app.person('ada'), app.person('bob')])
})
afterAll(() => app[Symbol.asyncDispose]())

type Line = Record<string, unknown>
const linesOf = (event: string): Line[] =>
  app
    .output()
    .split('\n')
    .filter((line) => line.includes('"channel":"security"'))
    .map((line) => JSON.parse(line) as Line)
    .filter((line) => line.event === event)

const lineOf = (event: string, wanted: Line) =>
  until(`a line of ${event}`, () =>
    linesOf(event).find((line) => Object.entries(wanted).every(([name, value]) => line[name] === value)),
  )
const visitor = () => createApi({ baseUrl: app.url })
const NETWORK = '127.0.0.0/24'
const SECRETS = ['not her password', 'nobody@example.com', 'wrong-token-wrong-token']

describe('the security log', () => {
  test('has every sign-in, with account, network and session', async () => {
    const { sessions } = await ada.api.request('get /api/account/sessions')
    await lineOf('sign_in', { accountId: ada.account.id, network: NETWORK, sessionId: sessions[0]?.id })
  })

  test('has refused sign-ins: of an account, of none, and by a link that is none', async () => {
    const signIn = (email: string) =>
      visitor().request('post /api/auth/sign-in', { body: { email, password: 'not her password' } })
    const refused = { at: '/api/auth/sign-in', code: 'unauthenticated', network: NETWORK }
    expect(await outcome(signIn(ada.email))).toBe('unauthenticated')
    await lineOf('sign_in_refused', { ...refused, accountId: ada.account.id })
    expect(await outcome(signIn('nobody@example.com'))).toBe('unauthenticated')
    await lineOf('sign_in_refused', { ...refused, accountId: undefined })
    const token = 'wrong-token-wrong-token'
    await outcome(visitor().request('post /api/auth/link', { body: { token } }))
    await lineOf('sign_in_refused', { at: '/api/auth/link', code: 'expired' })
  })

  test('has failed second factors and confirmations, and whose they are', async () => {
    const accountId = bob.account.id
    const { token, secret } = await bob.api.request('post /api/account/totp')
    await bob.api.request('post /api/account/totp/on', { body: { token, code: await generate({ secret }) } })
    const proof = { method: 'totp', code: '000000' } as const
    const held = await visitor()
      .request('post /api/auth/sign-in', {
        body: { email: bob.email, password: PASSWORD, session: 'bearer' },
      })
      .catch((error: { details: { ticket: string } }) => error.details.ticket)
    const body = { ticket: String(held), proof, session: 'bearer' } as const
    expect(await outcome(visitor().request('post /api/auth/second-factor', { body }))).toBe('unauthenticated')
    const code = 'unauthenticated'
    await lineOf('second_factor_refused', { accountId, at: '/api/auth/second-factor', code })
    await outcome(bob.api.request('post /api/account/confirm/code', { body: { proof } }))
    await lineOf('confirmation_refused', { accountId, at: '/api/account/confirm/code', code })
  })

  test('has what somebody was not allowed, by route and by call', async () => {
    const accountId = ada.account.id
    await outcome(ada.api.request('get /api/admin/people/{accountId}', about(bob)))
    const at = '/api/admin/people/{accountId}'
    await lineOf('permission_refused', { accountId, at, code: 'forbidden', network: NETWORK })
    const socket = await rawSocket(app, ada)
    const streamId = bob.account.streamId
    await socket.ask('media:open-transport', { streamId, direction: 'send' })
    await lineOf('permission_refused', { accountId, at: 'media:open-transport', code: 'forbidden' })
    socket.close()
  })

  test('has hit limits, and of a flood no more than the disk can take', async () => {
    for (let i = 0; i < 4; i++)
      await outcome(visitor().request('post /api/auth/resend', { body: { email: 'nobody@example.com' } }))
    await lineOf('limit_hit', { at: '/api/auth/resend', code: 'too_many_requests', network: NETWORK })
    const socket = await rawSocket(app, ada)
    const floods = Array.from({ length: 2000 }, () => socket.ask('no-such-call', {}))
    await Promise.all(floods)
    socket.close()
    // What comes later stands behind it in the output.
    await outcome(ada.api.request('get /api/admin/audit', { query: {} }))
    await lineOf('permission_refused', { accountId: ada.account.id, at: '/api/admin/audit' })
    expect(linesOf('limit_hit')).toHaveLength(600)
  })

  test('never names a contact, a password, a token or a whole address', () => {
    const text = app
      .output()
      .split('\n')
      .filter((line) => line.includes('"channel":"security"'))
      .join('\n')
    for (const secret of [...SECRETS, PASSWORD, ada.email, bob.email, String(ada.bearer), '127.0.0.1'])
      expect(text).not.toContain(secret)
  })
})
