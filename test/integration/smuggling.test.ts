import { once } from 'node:events'
import { connect } from 'node:net'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startApp, type TestApp } from '../support/app.ts'
import type { Person } from '../support/person.ts'
import { until } from '../support/until.ts'

let app: TestApp
let victim: Person

beforeAll(async () => {
  app = await startApp()
  victim = await app.person('victim')
})
afterAll(() => app[Symbol.asyncDispose]())

/** A request as it goes over the wire. The place reads its body, so that where the body ends counts. */
const post = (head: readonly string[], body = ''): string =>
  ['POST /api/auth/sign-in HTTP/1.1', `Host: 127.0.0.1:${app.httpPort}`, ...head, '', body].join('\r\n')
const json = 'Content-Type: application/json'
const chunked = [json, 'Transfer-Encoding: chunked']
/** Who has the connection next: through a proxy that shares connections, somebody else. */
const theirs = () =>
  `GET /api/me HTTP/1.1\r\nHost: 127.0.0.1:${app.httpPort}\r\nAuthorization: Bearer ${victim.bearer}\r\n\r\n`

/** Statuses that come back over one connection, whatever else does, and whether the server closed it. */
async function send(bytes: string, answers: number) {
  const socket = connect(app.httpPort, '127.0.0.1')
  await once(socket, 'connect')
  let text = ''
  let isClosed = false
  // What was not read of a refused request makes the end a reset.
  socket.on('error', () => {})
  socket.on('data', (chunk) => {
    text += chunk.toString('latin1')
  })
  socket.once('close', () => {
    isClosed = true
  })
  const statuses = () => [...text.matchAll(/HTTP\/1\.1 (\d{3}) /g)].map(([, status]) => Number(status))
  socket.write(bytes, 'latin1')
  await until('the answers, or the end', () => isClosed || statuses().length >= answers)
  socket.destroy()
  return { statuses: statuses(), isClosed, text }
}

describe('where a request ends', () => {
  test('is agreed upon when it is said once: the next one has its own answer', async () => {
    const body = JSON.stringify({ email: 'nobody@example.com', password: 'a wrong password' })
    for (const request of [
      post([json, `Content-Length: ${body.length}`], body),
      post(chunked, `${body.length.toString(16)}\r\n${body}\r\n0\r\n\r\n`),
    ]) {
      const { statuses, text } = await send(request + theirs(), 2)
      expect(statuses).toEqual([401, 200])
      expect(text).toContain('"victim"')
    }
  })

  const end = '0\r\n\r\n'
  test.each<[string, readonly string[], string, number?]>([
    ['a length and chunks', [json, 'Content-Length: 5', 'Transfer-Encoding: chunked'], end],
    ['chunks and a length', [...chunked, 'Content-Length: 5'], end],
    ['two lengths', [json, 'Content-Length: 5', 'Content-Length: 60'], '{"a":'],
    ['the same length twice', [json, 'Content-Length: 2', 'Content-Length: 2'], '{}'],
    ['a list of lengths', [json, 'Content-Length: 2, 2'], '{}'],
    ['a length with a sign', [json, 'Content-Length: +2'], '{}'],
    ['a length in hexadecimal', [json, 'Content-Length: 0x2'], '{}'],
    ['an encoding that is none', [json, 'Transfer-Encoding: xchunked'], end],
    ['chunks that are not the last encoding', [json, 'Transfer-Encoding: chunked, identity'], end],
    ['two encodings', [...chunked, 'Transfer-Encoding: identity'], end],
    ['a space before the colon', [json, 'Transfer-Encoding : chunked'], end],
    ['a line that goes on in the next (obs-fold)', [json, 'X-Note: a', ' b', 'Content-Length: 2'], '{}'],
    ['an encoding in the next line', [json, 'Transfer-Encoding:', ' chunked'], end],
    ['a bare LF in its head', [`${json}\nContent-Length: 2`], '{}'],
    ['a bare CR in its head', [`${json}\rContent-Length: 2`], '{}'],
    ['a NUL in its head', [json, 'X-Note: a\0b', 'Content-Length: 2'], '{}'],
    ['a bare LF after a chunk extension', chunked, `2;a\n{}\r\n${end}`],
    ['a bare LF after the size of a chunk', chunked, `2\n{}\r\n${end}`],
    ['a chunk that is longer than it says', chunked, `1\r\n{}\r\n${end}`],
    ['a chunk of more bytes than numbers have', chunked, `fffffffffffffffff\r\n{}\r\n${end}`],
    ['the size of a chunk with a prefix', chunked, `0x2\r\n{}\r\n${end}`],
    ['chunk extensions without end', chunked, `2;${'a'.repeat(20_000)}\r\n{}\r\n${end}`, 413],
  ])('is refused where it has %s, and the connection closed', async (_what, head, body, status = 400) => {
    const { statuses, isClosed, text } = await send(post(head, body) + theirs(), 2)
    expect(statuses).toEqual([status])
    expect(isClosed).toBe(true)
    expect(text).not.toContain('victim')
  })

  test('is refused where lines end with LF alone', async () => {
    const request = post([json, 'Content-Length: 2'], '{}').replaceAll('\r\n', '\n')
    const { statuses, isClosed, text } = await send(request + theirs(), 2)
    expect([statuses, isClosed, text.includes('victim')]).toEqual([[400], true, false])
  })
})
