import { once } from 'node:events'
import { request } from 'node:http'
import { type AddressInfo, createServer, type Socket } from 'node:net'
import { expect, test } from 'vitest'
import { sleep } from '../../src/core/time.ts'
import { startApp, type TestApp } from '../support/app.ts'
import { refusal } from '../support/raw-socket.ts'
import { openSql } from '../support/sql.ts'
import { until } from '../support/until.ts'

/** Long enough for all that a test does with a node that drains. */
const DRAIN_SECONDS = '4'
/** A second signal within half a second is taken for the first one. */
const ANOTHER_SIGNAL_MS = 700

/** A mail server that takes connections and greets nobody before it is told to; then it takes every mail. */
async function startSlowMailServer() {
  const waiting = new Set<Socket>()
  const delivered: string[] = []
  let isOpen = false
  const server = createServer((socket) => {
    waiting.add(socket)
    socket.on('error', () => {})
    if (isOpen) socket.write('220 localhost\r\n')
    let rest = ''
    let mail: string[] | undefined
    socket.on('data', (chunk) => {
      const lines = (rest + chunk).split('\r\n')
      rest = lines.pop() ?? ''
      for (const line of lines) {
        if (mail && line !== '.') mail.push(line)
        else if (line === 'DATA') {
          mail = []
          socket.write('354 go on\r\n')
        } else {
          if (mail) delivered.push(mail.join('\n'))
          mail = undefined
          socket.write('250 ok\r\n')
        }
      }
    })
  })
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve))
  return {
    url: `smtp://127.0.0.1:${(server.address() as AddressInfo).port}`,
    isAsked: () => waiting.size > 0,
    delivered,
    greet() {
      isOpen = true
      for (const socket of waiting) socket.write('220 localhost\r\n')
    },
    async [Symbol.asyncDispose]() {
      for (const socket of waiting) socket.destroy()
      await new Promise((resolve) => void server.close(resolve))
    },
  }
}

const newcomer = (handle: string) => ({
  ...{ handle, displayName: handle, email: `${handle}@example.com` },
  password: 'a long password',
})

const register = (app: TestApp, handle: string) =>
  fetch(`${app.url}/api/auth/register`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(newcomer(handle)),
  })

/** A request whose second half is sent only when `finish` is called. */
function slowRegister(app: TestApp, handle: string) {
  const body = JSON.stringify(newcomer(handle))
  const headers = { 'content-type': 'application/json', 'content-length': body.length }
  const asked = request(`${app.url}/api/auth/register`, { method: 'POST', headers, agent: false })
  const answered = once(asked, 'response').then(([answer]) => answer as { statusCode: number })
  asked.write(body.slice(0, 10))
  return {
    async finish() {
      asked.end(body.slice(10))
      return (await answered).statusCode
    },
  }
}

const readiness = (app: TestApp) => fetch(`${app.url}/readyz`)

test('a node that ends is unready at once, refuses sockets, and ends what it has begun before it exits with 0', async () => {
  await using mail = await startSlowMailServer()
  await using app = await startApp({ SMTP_URL: mail.url, DRAIN_SECONDS })
  await using sql = openSql(app)
  expect((await register(app, 'first')).ok).toBe(true)
  await until('its mail to be under way', mail.isAsked)
  const slow = slowRegister(app, 'second')
  expect((await readiness(app)).status).toBe(200)

  const exit = app.stop()
  const unready = await until('readiness to end', async () => {
    const answer = await readiness(app)
    return answer.status === 503 && answer
  })
  expect(await unready.json()).toEqual({ status: 'unready', checks: { process: 'is ending' } })
  // A proxy that does not ask learns it from the connection.
  expect(unready.headers.get('connection')).toBe('close')
  expect(await refusal(app, { auth: { token: 'any' } })).toBe('unavailable')
  expect(await refusal(app, { headers: { 'x-forwarded-for': '192.0.2.1' } })).toBe('websocket error')
  expect(await slow.finish()).toBeLessThan(300)
  mail.greet()
  expect(await exit).toBe(0)
  expect(mail.delivered).toHaveLength(1)
  expect(mail.delivered[0]).toContain('first@example.com')
  // What was asked for meanwhile waits for another process.
  const jobs = await sql`
    select attempts, locked_at from graphile_worker._private_jobs j
    join graphile_worker._private_tasks t on t.id = j.task_id where t.identifier = 'accounts.mail'`
  expect([...jobs]).toEqual([{ attempts: 0, locked_at: null }])
})

test('a job that does not end in time is given back, as if it had not been tried, and another process does it', async () => {
  await using mail = await startSlowMailServer()
  await using app = await startApp({ SMTP_URL: mail.url, DRAIN_SECONDS: '0' })
  await using sql = openSql(app)
  await register(app, 'first')
  await until('its mail to be under way', mail.isAsked)
  expect(await app.stop()).toBe(0)
  expect(app.output()).toContain('Jobs that are not finished are given back')
  const jobs = await sql`
    select attempts, locked_at, last_error from graphile_worker._private_jobs j
    join graphile_worker._private_tasks t on t.id = j.task_id where t.identifier = 'accounts.mail'`
  expect([...jobs]).toEqual([{ attempts: 0, locked_at: null, last_error: null }])
  mail.greet()
  await app.restart()
  await until('the mail to be tried again', () => mail.delivered.length > 0)
  expect(mail.delivered[0]).toContain('first@example.com')
})

test('a node that is asked to end a second time ends at once, and says why', async () => {
  await using mail = await startSlowMailServer()
  await using app = await startApp({ SMTP_URL: mail.url, DRAIN_SECONDS: '60' })
  await register(app, 'first')
  await until('its mail to be under way', mail.isAsked)
  const exit = app.stop()
  await sleep(ANOTHER_SIGNAL_MS)
  process.kill(app.pid, 'SIGTERM')
  expect(await exit).toBe(143)
  expect(app.output()).toContain('Asked to stop once more')
})
