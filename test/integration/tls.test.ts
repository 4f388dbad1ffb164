import { mkdtemp, rm } from 'node:fs/promises'
import { request } from 'node:https'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connect as connectTls, type SecureVersion } from 'node:tls'
import { io } from 'socket.io-client'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startApp, type TestApp } from '../support/app.ts'
import { system } from '../support/browser.ts'

let dir: string
let tls: { TLS_CERT_FILE: string; TLS_KEY_FILE: string }

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'social-flow-tls-'))
  tls = { TLS_CERT_FILE: join(dir, 'cert.pem'), TLS_KEY_FILE: join(dir, 'key.pem') }
  const files = ['-keyout', tls.TLS_KEY_FILE, '-out', tls.TLS_CERT_FILE]
  const subject = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=IP:127.0.0.1']
  await system('openssl', 'req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', ...files, ...subject)
})
afterAll(() => rm(dir, { recursive: true, force: true }))

/** Nobody signed the certificate of this test. */
const trust = { rejectUnauthorized: false }

function post(app: TestApp, path: string): Promise<{ status: number; body: { token: string } }> {
  return new Promise((resolve, reject) => {
    const options = { ...trust, method: 'POST', headers: { host: `127.0.0.1:${app.httpPort}` } }
    request(`${app.url}${path}`, options, (response) => {
      let text = ''
      response.on('data', (chunk: Buffer) => {
        text += chunk
      })
      response.on('end', () =>
        resolve({
          status: response.statusCode ?? 0,
          body: JSON.parse(text),
        }),
      )
    })
      .on('error', reject)
      .end()
  })
}

const connects = (url: string, token: string, origin?: string): Promise<string> =>
  new Promise((resolve) => {
    const headers = origin ? { extraHeaders: { origin } } : {}
    const socket = io(url, {
      auth: { token },
      transports: ['websocket'],
      reconnection: false,
      ...trust,
      ...headers,
    })
    socket.once('connect', () => {
      socket.close()
      resolve('admitted')
    })
    socket.once('connect_error', (error) => {
      socket.close()
      resolve(error.message)
    })
  })

/** What a handshake with these versions of TLS comes to. As old ones need suites that OpenSSL itself refuses by now, it is told to offer them. */
const handshake = (port: number, version: SecureVersion): Promise<string> =>
  new Promise((resolve) => {
    const versions = { minVersion: version, maxVersion: version, ciphers: 'DEFAULT:@SECLEVEL=0' } as const
    const socket = connectTls({ host: '127.0.0.1', port, ...trust, ...versions }, () => {
      resolve(socket.getProtocol() ?? 'none')
      socket.destroy()
    })
    socket.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message))
  })

describe.each(['uws', 'ws'])('HTTPS on both listeners, sockets on %s', (SOCKET_ENGINE) => {
  test('pages and sockets speak TLS, sockets also through the port of the pages', async () => {
    await using app = await startApp({ SOCKET_ENGINE, ...tls })
    expect(app.url).toMatch(/^https:/)
    const { status, body } = await post(app, '/api/socket-token')
    expect(status).toBe(200)
    const own = `https://127.0.0.1:${app.socketPort ?? app.httpPort}`
    expect(await connects(own, body.token, app.url)).toBe('admitted')
    expect(await connects(app.url, body.token)).toBe('admitted')
    // A page that came without TLS could have been written on the way.
    expect(await connects(own, body.token, `http://127.0.0.1:${app.httpPort}`)).not.toBe('admitted')
    await expect(fetch(`http://127.0.0.1:${app.httpPort}/healthz`)).rejects.toThrow()
  })

  test('versions before TLS 1.2 are refused by the server, on all ports', async () => {
    await using app = await startApp({ SOCKET_ENGINE, ...tls })
    for (const port of new Set([app.httpPort, app.socketPort ?? app.httpPort])) {
      for (const version of ['TLSv1', 'TLSv1.1'] as const)
        expect(await handshake(port, version), version).toBe('ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION')
      for (const version of ['TLSv1.2', 'TLSv1.3'] as const)
        expect(await handshake(port, version)).toBe(version)
    }
  })
})
