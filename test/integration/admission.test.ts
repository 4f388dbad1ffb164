import { createServer } from 'node:http'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createSocketTokens } from '../../src/infra/access/tokens/socket-tokens.ts'
import { startApp, type TestApp } from '../support/app.ts'
import { refusal, socketUrl, tokenOf } from '../support/raw-socket.ts'

const SECRET_KEY = 'a secret for tests, as long as it must be'

describe.each(['uws', 'ws'])('admission of sockets on %s', (SOCKET_ENGINE) => {
  let app: TestApp
  beforeAll(async () => {
    app = await startApp({ SOCKET_ENGINE, SECRET_KEY, ALLOWED_ORIGINS: 'https://friend.example' })
  })
  afterAll(() => app[Symbol.asyncDispose]())

  test('a socket without a token, or with one that is none, is refused with a code', async () => {
    expect(await refusal(app, {})).toBe('token_expired')
    for (const token of ['', 'x', 42, null, { token: 'x' }, 'a.b.c', 'x'.repeat(10_000)]) {
      expect(await refusal(app, { auth: { token } })).toBe('token_expired')
    }
  })

  test('an old token is refused', async () => {
    const lastHour = { nowMs: () => Date.now() - 3_600_000 }
    const { token } = await createSocketTokens({ secretKey: SECRET_KEY, clock: lastHour }).sign({
      id: 'anon:1',
    })
    expect(await refusal(app, { auth: { token } })).toBe('token_expired')
    const { token: fresh } = await createSocketTokens({
      secretKey: SECRET_KEY,
      clock: { nowMs: Date.now },
    }).sign({
      id: 'anon:1',
    })
    expect(await refusal(app, { auth: { token: fresh } })).toBe('admitted')
  })

  test('a token of another server is refused', async () => {
    const other = createSocketTokens({ secretKey: `${SECRET_KEY}, but another`, clock: { nowMs: Date.now } })
    expect(await refusal(app, { auth: { token: (await other.sign({ id: 'anon:1' })).token } })).toBe(
      'token_expired',
    )
  })

  test('pages of other sites are refused even with a good token; our own and named ones are let in', async () => {
    const token = await tokenOf(await app.visitor())
    const from = (origin: string) => refusal(app, { auth: { token }, headers: { origin } })
    for (const origin of [
      'https://evil.example',
      'http://127.0.0.1:1',
      'http://localhost.evil.example',
      'null',
    ]) {
      expect(await from(origin), origin).not.toBe('admitted')
    }
    expect(await from(app.url)).toBe('admitted')
    expect(await from('https://friend.example')).toBe('admitted')
  })

  test('a cookie alone admits nobody', async () => {
    const token = await tokenOf(await app.visitor())
    expect(await refusal(app, { headers: { cookie: `token=${token}; session=${token}` } })).toBe(
      'token_expired',
    )
  })

  test('handshakes that hang up half way leave the server standing', async () => {
    const { connect } = await import('node:net')
    const port = Number(new URL(socketUrl(app)).port)
    await Promise.all(
      Array.from(
        { length: 50 },
        (_, i) =>
          new Promise<void>((resolve) => {
            const socket = connect(port, '127.0.0.1', () => {
              socket.write(
                'GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n',
              )
              setTimeout(() => socket.destroy(), i % 5)
            })
            socket.on('close', () => resolve())
            socket.on('error', () => resolve())
          }),
      ),
    )
    expect(await refusal(app, { auth: { token: await tokenOf(await app.visitor()) } })).toBe('admitted')
  })

  test('sockets also come in through the port of the pages', async () => {
    const token = await tokenOf(await app.visitor())
    const throughPages = { ...app, socketPort: undefined }
    expect(await refusal(throughPages, { auth: { token } })).toBe('admitted')
    expect(await refusal(throughPages, { auth: {} })).toBe('token_expired')
  })
})

test('a taken socket port is told in a sentence', async () => {
  const blocker = createServer().listen(0, '127.0.0.1')
  await new Promise((resolve) => blocker.once('listening', resolve))
  const address = blocker.address()
  const port = typeof address === 'object' && address ? String(address.port) : ''
  await expect(startApp({ SOCKET_PORT: port })).rejects.toThrow(`Port ${port}`)
  blocker.close()
})
