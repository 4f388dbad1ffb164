import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { until } from '../support/until.ts'
import { type HttpApp, startHttpApp } from './accounts.harness.ts'
import { person, verified } from './accounts.people.ts'
import { elsewhere, JSON_TYPE, post, SIGNED_OUT, send } from './http.requests.ts'

let app: HttpApp
beforeAll(async () => {
  app = await startHttpApp({ env: { TRUSTED_PROXIES: '127.0.0.1' } })
})
afterAll(() => app[Symbol.asyncDispose]())

describe('bad input', () => {
  it('is answered with problem details that name each fault', async () => {
    const answer = await post(
      app,
      '/api/auth/register',
      { ...person(), handle: 'no spaces', email: 'x' },
      elsewhere(),
    )
    expect(answer.status).toBe(400)
    expect(answer.headers['content-type']).toBe('application/problem+json')
    const problem = answer.json()
    expect(problem).toMatchObject({
      type: 'urn:social-flow:error:invalid_input',
      title: 'The request does not have the expected form.',
      status: 400,
      code: 'invalid_input',
      retry: false,
    })
    expect(problem.detail).toBe(problem.message)
    expect(problem.requestId).toBe(answer.headers['x-request-id'])
    const issues = problem.details?.issues as { path: string; message: string }[]
    expect(issues.map(({ path }) => path)).toEqual(['handle', 'email'])
    expect(issues[0]?.message).toContain('3 to 24')
  })

  it('that is no JSON, or comes as another type, is refused', async () => {
    const path = '/api/auth/resend'
    const body = '{"email":'
    const broken = await send(app, path, { method: 'POST', headers: { ...JSON_TYPE, ...elsewhere() }, body })
    expect(broken.json()).toMatchObject({
      status: 400,
      code: 'invalid_input',
      detail: 'The body is not JSON.',
    })
    const asText = { 'content-type': 'text/plain', ...elsewhere() }
    const typed = await send(app, path, {
      method: 'POST',
      headers: asText,
      body: '{"email":"a@example.com"}',
    })
    expect(typed.json()).toMatchObject({ status: 400, code: 'invalid_input' })
    const none = await send(app, path, { method: 'POST', headers: elsewhere() })
    expect(none.json()).toMatchObject({ status: 400, code: 'invalid_input' })
  })

  it('over 64 KB is refused, with its length declared or not', async () => {
    const body = JSON.stringify({ email: 'a'.repeat(70_000) })
    const declared = await post(app, '/api/auth/resend', JSON.parse(body), elsewhere())
    expect(declared.json()).toMatchObject({ status: 413, code: 'too_large', details: { maxBytes: 65_536 } })
    const chunked = { ...JSON_TYPE, ...elsewhere(), 'transfer-encoding': 'chunked' }
    const streamed = await send(app, '/api/auth/resend', { method: 'POST', headers: chunked, body })
    expect(streamed.json()).toMatchObject({ status: 413, code: 'too_large' })
  })

  it('of cookies and credentials counts as none', async () => {
    for (const cookie of [
      'flow_session=%E0%A4%A',
      'flow_session=',
      'flow_session=x',
      '=;;=',
      `a=${'b'.repeat(4000)}`,
    ])
      expect((await send(app, '/api/me', { headers: { cookie } })).json(), cookie).toEqual(SIGNED_OUT)
    for (const authorization of ['Bearer', 'Bearer x', 'Basic YTpi', `Bearer ${'a'.repeat(40)}`])
      expect((await send(app, '/api/me', { headers: { authorization } })).json(), authorization).toEqual(
        SIGNED_OUT,
      )
  })

  it('to an address that is none of ours is not found', async () => {
    for (const path of ['/api/nothing', '/api/auth/register', '/assets/gone.js', '/favicon.gone'])
      expect((await send(app, path)).json(), path).toMatchObject({ status: 404, code: 'not_found' })
    expect((await send(app, '/api/streams/nobody_at_all')).json()).toMatchObject({
      status: 404,
      code: 'not_found',
    })
  })
})

describe('every answer', () => {
  it('has the headers that keep a browser safe', async () => {
    for (const path of ['/', '/api/config', '/api/nothing', '/assets/gone.js', '/healthz']) {
      const { headers } = await send(app, path, {
        headers: { accept: 'text/html', host: 'flow.example:3000' },
      })
      expect(headers, path).toMatchObject({
        'x-content-type-options': 'nosniff',
        'referrer-policy': 'same-origin',
        'x-frame-options': 'DENY',
        'cross-origin-opener-policy': 'same-origin',
        'permissions-policy': expect.stringContaining(
          'camera=(self), microphone=(self), display-capture=(self)',
        ),
        'x-request-id': expect.stringMatching(/^[0-9a-f-]{36}$/),
      })
      const policy = String(headers['content-security-policy'])
      for (const directive of [
        "default-src 'self'",
        "script-src 'self'",
        "frame-ancestors 'none'",
        "base-uri 'none'",
      ])
        expect(policy.split('; ')).toContain(directive)
      expect(policy).toContain('ws://flow.example:4567')
      expect(headers).not.toHaveProperty('strict-transport-security')
      expect(headers).not.toHaveProperty('x-powered-by')
    }
    expect((await send(app, '/api/config')).headers['cache-control']).toBe('no-store')
  })

  it('keeps a hostile Host out of the policy', async () => {
    const { headers } = await send(app, '/', { headers: { accept: 'text/html', host: 'x; script-src *' } })
    expect(headers['content-security-policy'] ?? '').not.toContain('script-src *')
  })

  it('says nothing of what went wrong inside', async () => {
    const target = await startHttpApp({
      env: { LOG_LEVEL: 'silent' },
      ready: () => Promise.reject(new Error('password of the database')),
    })
    try {
      const answer = await send(target, '/readyz', {})
      expect(answer.json()).toMatchObject({ status: 500, code: 'internal', retry: true })
      expect(answer.text).not.toContain('password')
    } finally {
      await target[Symbol.asyncDispose]()
    }
  })
})

/** A way to `url` that can be cut: then open connections break and new ones are refused, and `mend` lets them in again. */
async function startCable(url: string) {
  const far = new URL(url)
  const sockets = new Set<Socket>()
  const server = createServer((here) => {
    const there = connect(Number(far.port), far.hostname)
    for (const socket of [here, there]) sockets.add(socket.on('error', () => {}))
    here.pipe(there).pipe(here)
  })
  const listen = (port: number) =>
    new Promise<void>((resolve) => void server.listen(port, '127.0.0.1', resolve))
  await listen(0)
  const { port } = server.address() as AddressInfo
  const near = Object.assign(new URL(url), { port: String(port) })
  const cut = async () => {
    const closed = new Promise((resolve) => server.close(resolve))
    for (const socket of sockets) socket.destroy()
    await closed
  }
  return { url: near.toString(), cut, mend: () => listen(port) }
}

describe('an outage of the database', () => {
  it('is answered as unavailable where it is needed, and is over when it is', async () => {
    let cable: Awaited<ReturnType<typeof startCable>> | undefined
    const target = await startHttpApp({
      env: { LOG_LEVEL: 'silent' },
      databaseUrl: async (url) => {
        cable = await startCable(url)
        return cable.url
      },
    })
    try {
      const { cookie } = await verified(target)
      await cable?.cut()
      const answer = await send(target, '/api/me', { headers: cookie })
      expect(answer.json()).toMatchObject({ status: 503, code: 'unavailable', retry: true })
      expect((await send(target, '/api/me')).json()).toEqual(SIGNED_OUT)
      await cable?.mend()
      const restored = async () => (await send(target, '/api/me', { headers: cookie })).status === 200
      await until('the database to be back', restored)
    } finally {
      await target[Symbol.asyncDispose]()
      await cable?.cut()
    }
  })
})

describe('probes', () => {
  it('say whether the server is ready, in status and body', async () => {
    let status: 'ready' | 'degraded' | 'unready' = 'ready'
    const target = await startHttpApp({
      ready: async () => ({ status, checks: { database: status !== 'unready' } }),
    })
    try {
      expect(await send(target, '/readyz', {})).toMatchObject({ status: 200 })
      status = 'degraded'
      expect((await send(target, '/readyz', {})).json()).toEqual({ status, checks: { database: true } })
      status = 'unready'
      expect(await send(target, '/readyz', {})).toMatchObject({ status: 503 })
      expect((await send(target, '/healthz', {})).status).toBe(200)
    } finally {
      await target[Symbol.asyncDispose]()
    }
  })

  it('hand out the documents of the contract', async () => {
    expect((await send(app, '/openapi.json')).json()).toEqual({ openapi: '3.1.0' })
    expect((await send(app, '/asyncapi.json')).json()).toEqual({ asyncapi: '3.0.0' })
  })
})

describe('with TLS', () => {
  it('cookies are for HTTPS and this host alone, HSTS is on and pages without TLS are foreign', async () => {
    const dir = await mkdtemp(join(tmpdir(), 'social-flow-tls-'))
    const [keyFile, certFile] = [join(dir, 'key.pem'), join(dir, 'cert.pem')]
    await promisify(execFile)('openssl', [
      ...[
        'req',
        '-x509',
        '-newkey',
        'ec',
        '-pkeyopt',
        'ec_paramgen_curve:prime256v1',
        '-nodes',
        '-days',
        '1',
      ],
      ...['-subj', '/CN=localhost', '-keyout', keyFile, '-out', certFile],
    ])
    const target = await startHttpApp({
      env: { TLS_CERT_FILE: certFile, TLS_KEY_FILE: keyFile },
      tls: { cert: await readFile(certFile), key: await readFile(keyFile) },
    })
    try {
      const answer = await post(target, '/api/socket-token', {}, { host: 'flow.example' })
      expect(answer.headers['set-cookie']?.[0]).toMatch(/^__Host-flow_visitor=.*Path=\/; HttpOnly; Secure/)
      expect(answer.headers['strict-transport-security']).toBe('max-age=31536000')
      expect((await send(target, '/healthz', {})).headers).not.toHaveProperty('strict-transport-security')
      const insecure = { host: 'flow.example', origin: 'http://flow.example' }
      expect((await post(target, '/api/socket-token', {}, insecure)).json().code).toBe('foreign_origin')
      const secure = { host: 'flow.example', origin: 'https://flow.example' }
      expect((await post(target, '/api/socket-token', {}, secure)).status).toBe(200)
    } finally {
      await target[Symbol.asyncDispose]()
      await rm(dir, { recursive: true, force: true })
    }
  })
})

describe('stopping', () => {
  it('does not wait for connections that are kept alive or stuck in a request', async () => {
    const target = await startHttpApp()
    const idle = connect(target.port, '127.0.0.1')
    const stuck = connect(target.port, '127.0.0.1')
    const closed = [idle, stuck].map(
      (socket) => new Promise((resolve) => socket.on('error', () => {}).on('close', resolve)),
    )
    idle.write('GET /healthz HTTP/1.1\r\nhost: localhost\r\n\r\n')
    await new Promise((resolve) => idle.once('data', resolve))
    stuck.write(
      'POST /api/auth/resend HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\ncontent-length: 9\r\n\r\n{',
    )
    await target[Symbol.asyncDispose]()
    await Promise.all(closed)
    await expect(send(target, '/healthz', {})).rejects.toMatchObject({ code: 'ECONNREFUSED' })
  })
})
