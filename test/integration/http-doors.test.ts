import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { routes } from '../../src/contract/index.ts'
import { type HttpApp, startHttpApp } from './accounts.harness.ts'
import { PASSWORD, person, verified } from './accounts.people.ts'
import { elsewhere, ownOrigin, post, send } from './http.requests.ts'

let app: HttpApp
beforeAll(async () => {
  app = await startHttpApp({ env: { TRUSTED_PROXIES: '127.0.0.1' } })
})
afterAll(() => app[Symbol.asyncDispose]())

describe('a request from a foreign page', () => {
  const foreign = { origin: 'https://evil.example' }

  it('is refused wherever it could change something', async () => {
    const { cookie } = await verified(app)
    for (const [name, { method, path }] of Object.entries(routes)) {
      if (method === 'get') continue
      const answer = await send(app, path, {
        method: method.toUpperCase(),
        headers: { ...cookie, ...foreign },
      })
      expect(answer.json(), name).toMatchObject({ status: 403, code: 'foreign_origin' })
    }
    expect((await send(app, '/api/me', { headers: cookie })).json().account).not.toBeNull()
  })

  it('is refused without cookies too, and so is a cookie that no page sent', async () => {
    expect((await post(app, '/api/socket-token', {}, foreign)).json().code).toBe('foreign_origin')
    const { cookie } = await verified(app)
    expect((await post(app, '/api/socket-token', {}, cookie)).json().code).toBe('foreign_origin')
    expect((await post(app, '/api/socket-token', {}, { ...cookie, origin: 'null' })).json().code).toBe(
      'foreign_origin',
    )
    const crossSite = { ...cookie, 'sec-fetch-site': 'cross-site' }
    expect((await post(app, '/api/socket-token', {}, crossSite)).json().code).toBe('foreign_origin')
  })

  it('is told from one of our own pages, behind a proxy that changes the host too', async () => {
    const { cookie } = await verified(app)
    expect((await post(app, '/api/socket-token', {}, { ...cookie, ...ownOrigin(app) })).status).toBe(200)
    const proxied = { ...cookie, origin: 'https://flow.example', 'sec-fetch-site': 'same-origin' }
    expect((await post(app, '/api/socket-token', {}, proxied)).status).toBe(200)
  })

  it('can not read an answer, unless the origin is allowed', async () => {
    expect((await send(app, '/api/config', { headers: foreign })).headers).not.toHaveProperty(
      'access-control-allow-origin',
    )
    const target = await startHttpApp({ env: { ALLOWED_ORIGINS: 'https://app.example' } })
    try {
      const origin = { origin: 'https://app.example' }
      const answer = await send(target, '/api/config', { headers: origin })
      expect(answer.headers).toMatchObject({
        'access-control-allow-origin': 'https://app.example',
        'access-control-allow-credentials': 'true',
      })
      expect((await post(target, '/api/socket-token', {}, origin)).status).toBe(200)
      expect((await send(target, '/api/config', { headers: foreign })).headers).not.toHaveProperty(
        'access-control-allow-origin',
      )
    } finally {
      await target[Symbol.asyncDispose]()
    }
  })
})

describe('each door', () => {
  const bodies: Record<string, () => unknown> = {
    register: person,
    verify: () => ({ token: 'x'.repeat(43) }),
    signInByLink: () => ({ token: 'x'.repeat(43) }),
    resend: () => ({ email: `${person().handle}@example.org` }),
    signIn: () => ({ email: `${person().handle}@example.org`, password: PASSWORD }),
  }

  it.each(Object.keys(bodies))(
    '%s: lets an address through as often as the contract says, then asks it to wait',
    async (name) => {
      const { path, limit } = routes[name as 'verify']
      const from = elsewhere()
      const statuses: number[] = []
      for (let i = 0; i < limit.credits; i++)
        statuses.push((await post(app, path, bodies[name]?.(), from)).status)
      expect(statuses).not.toContain(429)
      const refused = await post(app, path, bodies[name]?.(), from)
      expect(refused.status).toBe(429)
      const seconds = Number(refused.headers['retry-after'])
      expect(refused.json()).toMatchObject({ code: 'too_many_requests', retry: true })
      expect(seconds).toBe(Math.ceil(Number(refused.json().details?.retryAfterMs) / 1000))
      expect(seconds).toBeGreaterThan(0)
      expect((await post(app, path, bodies[name]?.(), elsewhere())).status).not.toBe(429)
    },
  )

  it('counts mails to one address of mail wherever they are asked from', async () => {
    const { email } = person()
    const ask = () => post(app, '/api/auth/resend', { email }, elsewhere())
    expect([(await ask()).status, (await ask()).status, (await ask()).status]).toEqual([202, 202, 202])
    const refused = await ask()
    expect(refused.status).toBe(429)
    expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0)
  })

  it('does not believe a client that names its own address', async () => {
    const target = await startHttpApp()
    try {
      for (let i = 0; i < 3; i++)
        await post(target, '/api/auth/resend', { email: person().email }, elsewhere())
      expect((await post(target, '/api/auth/resend', { email: person().email }, elsewhere())).status).toBe(
        429,
      )
    } finally {
      await target[Symbol.asyncDispose]()
    }
  })
})

describe('the development inbox and the metrics', () => {
  const paths = ['/api/dev/inbox', '/metrics']
  const statuses = (headers: Record<string, string>, target = app) =>
    Promise.all(paths.map(async (path) => (await send(target, path, { headers })).status))

  it('are shown to this machine and to nobody behind a proxy or under another name', async () => {
    expect(await statuses({})).toEqual([200, 200])
    expect(await statuses({ host: `localhost:${app.port}` })).toEqual([200, 200])
    expect(await statuses({ host: 'rebound.example' })).toEqual([404, 404])
    expect(await statuses({ 'x-forwarded-for': '127.0.0.1' })).toEqual([404, 404])
    expect(await statuses({ forwarded: 'for=127.0.0.1' })).toEqual([404, 404])
    expect(await statuses({ via: '1.1 proxy' })).toEqual([404, 404])
    expect((await send(app, '/api/config', { headers: elsewhere() })).json().hasInbox).toBe(false)
    expect((await send(app, '/api/config')).json()).toMatchObject({
      hasInbox: true,
      socketPort: 4567,
      socketUrl: null,
    })
  })

  it('are shown to an admin anywhere, and to no other account', async () => {
    const member = await verified(app)
    expect(await statuses({ ...elsewhere(), ...member.cookie })).toEqual([404, 404])
    const { secret } = await app.accounts.signInByLink((await app.accounts.firstAdminLink()) ?? '')
    expect(await statuses({ ...elsewhere(), authorization: `Bearer ${secret}` })).toEqual([200, 200])
    const metrics = await send(app, '/metrics')
    expect(metrics.headers['content-type']).toContain('version=0.0.4')
    expect(metrics.text).toContain(
      'http_request_duration_seconds_count{method="GET",route="/api/dev/inbox",status="404"}',
    )
  })

  it.each([
    ['on', '', 200, true],
    ['off', '', 404, false],
    ['on', 'smtp://127.0.0.1:1', 404, false],
  ])(
    'with DEV_INBOX=%s and SMTP_URL=%s the inbox answers %i',
    async (DEV_INBOX, SMTP_URL, status, hasInbox) => {
      const target = await startHttpApp({ env: { DEV_INBOX, SMTP_URL } })
      try {
        const headers = DEV_INBOX === 'on' ? elsewhere() : {}
        expect((await send(target, '/api/dev/inbox', { headers })).status).toBe(status)
        expect((await send(target, '/api/config', { headers })).json().hasInbox).toBe(hasInbox)
      } finally {
        await target[Symbol.asyncDispose]()
      }
    },
    30_000,
  )
})
