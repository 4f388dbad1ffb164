import { once } from 'node:events'
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createSmsSender } from '../../src/infra/messages/sms.ts'

const received: { headers: IncomingMessage['headers']; url: string | undefined; body: string }[] = []
const answer = { status: 202 }
const service = createServer(async (request, response) => {
  received.push({ headers: request.headers, url: request.url, body: await text(request) })
  response.writeHead(answer.status).end('{}')
})
let port: number
beforeAll(async () => {
  service.listen(0, '127.0.0.1')
  await once(service, 'listening')
  port = (service.address() as AddressInfo).port
})
afterAll(() => void service.close())

test('a text is handed over as JSON, with the password of the address as basic authentication', async () => {
  const sender = createSmsSender({ url: `http://flow:p%40ss@127.0.0.1:${port}/send?from=flow` })
  await sender.sendText({ to: '+4930123456', text: '123456 is your code – soon.' })
  expect(received[0]).toMatchObject({ url: '/send?from=flow' })
  expect(JSON.parse(received[0]?.body ?? '')).toEqual({
    to: '+4930123456',
    text: '123456 is your code – soon.',
  })
  expect(received[0]?.headers).toMatchObject({
    'content-type': 'application/json',
    authorization: `Basic ${Buffer.from('flow:p@ss').toString('base64')}`,
  })
})

test('a service that refuses makes the job try again, without its password in the log', async () => {
  answer.status = 503
  const sender = createSmsSender({ url: `http://flow:secret@127.0.0.1:${port}/` })
  const failure = await sender.sendText({ to: '+4930123456', text: 'x' }).catch((error: unknown) => error)
  expect(String(failure)).toContain('503')
  expect(String(failure)).not.toContain('secret')
})
