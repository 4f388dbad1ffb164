import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type CallName, calls } from '../../src/contract/index.ts'
import { ERRORS, type WireError } from '../../src/core/errors.ts'
import { startApp, type TestApp } from '../support/app.ts'
import type { Person } from '../support/person.ts'
import { type RawSocket, rawSocket } from '../support/raw-socket.ts'
import { until } from '../support/until.ts'

const names = Object.keys(calls) as CallName[]
const garbage: [string, unknown[]][] = [
  ['nothing', []],
  ['null', [null]],
  ['a number', [42]],
  ['a string', ['chat']],
  ['an array', [[1, 2, 3]]],
  ['an empty object', [{}]],
  [
    'wrong types',
    [{ streamId: 7, text: {}, topics: 'all', transportId: [], clientId: true, broadcastId: null }],
  ],
  ['binary', [Buffer.from([0, 255, 1])]],
  ['deep nesting', [JSON.parse(`${'[{"a":'.repeat(200)}1${'}]'.repeat(200)}`)]],
  ['a hostile prototype', [JSON.parse('{"__proto__":{"topics":[]},"constructor":{"prototype":{}}}')]],
]
/** Calls that anonymous visitors may not make at all. */
const forAccounts = names.filter((name) => calls[name].auth === 'user')
/** A socket's limits are per call and person; each garbage round is made by somebody fresh where the limit is small. */
const isError = (error: WireError) => {
  expect(Object.keys(ERRORS)).toContain(error.code)
  expect(error.message.length).toBeGreaterThan(0)
  expect(error.retry).toBe(ERRORS[error.code].retry)
  expect(error.requestId).toMatch(/^[0-9a-f-]{36}$/)
}

describe.each(['uws', 'ws'])('every call on %s', (SOCKET_ENGINE) => {
  let app: TestApp
  let alice: Person
  let signedIn: RawSocket
  let anonymous: RawSocket

  beforeAll(async () => {
    app = await startApp({ SOCKET_ENGINE })
    alice = await app.person('alice')
    signedIn = await rawSocket(app, alice)
    anonymous = await rawSocket(app, await app.visitor())
  })
  afterAll(async () => {
    signedIn.close()
    anonymous.close()
    expect(app.output()).not.toContain('A call failed')
    await app[Symbol.asyncDispose]()
  })

  test.each(names)('%s answers garbage with one clear error', async (name) => {
    for (const [what, args] of garbage) {
      const ack = await signedIn.ask(name, ...args)
      expect(ack.ok, `${name} with ${what}`).toBe(false)
      if (ack.ok) continue
      isError(ack.error)
      expect(ack.error.code, `${name} with ${what}`).toBe('invalid_input')
      expect(ack.error.details?.issues).toBeInstanceOf(Array)
    }
  })

  test.each(forAccounts)('%s asks an anonymous visitor to sign in', async (name) => {
    const ack = await anonymous.ask(name, {})
    expect(ack).toMatchObject({ ok: false, error: { code: 'unauthenticated' } })
  })

  test.each(names)('%s refuses an input that is too large, and the socket goes on', async (name) => {
    const ack = await signedIn.ask(name, { text: 'x'.repeat(100_000) })
    expect(ack).toMatchObject({ ok: false, error: { code: 'too_large', details: { maxBytes: 65_536 } } })
    expect(signedIn.socket.connected).toBe(true)
  })

  test('an unknown call is answered, whatever its name', async () => {
    for (const name of ['nothing:here', 'toString', '__proto__', 'constructor', 'chat:sendx', '']) {
      expect(await signedIn.ask(name, {})).toMatchObject({ ok: false, error: { code: 'unknown_call' } })
    }
  })

  test('a frame over the limit ends only its own connection, and the server goes on', async () => {
    const bob = await rawSocket(app, await app.visitor())
    const gone = new Promise((resolve) => bob.socket.once('disconnect', resolve))
    bob.socket.emit('chat:history', { text: 'x'.repeat(400_000) }, () => {})
    await gone
    expect(await anonymous.ask('topic:leave', { topics: ['directory:live'] })).toEqual({ ok: true, data: {} })
  })

  test('a call without an acknowledgement is not performed', async () => {
    const { streamId } = alice.account
    signedIn.socket.emit('chat:send', { clientId: randomUUID(), streamId, text: 'nobody waits for this' })
    const history = await signedIn.ask('chat:history', { streamId, beforeSeq: 1_000_000 })
    expect(history).toMatchObject({ ok: true, data: { messages: [] } })
  })

  test('calls beyond the limit are told when to come again', async () => {
    const carol = await app.person(`carol${SOCKET_ENGINE}`)
    const socket = await rawSocket(app, carol)
    const { streamId } = carol.account
    const send = () => socket.ask('chat:send', { clientId: randomUUID(), streamId, text: 'again' })
    const acks = await Promise.all(Array.from({ length: 30 }, send))
    const refused = acks.filter((ack) => !ack.ok).map((ack) => (ack.ok ? undefined : ack.error))
    expect(acks.filter(({ ok }) => ok)).toHaveLength(calls['chat:send'].limit.credits)
    for (const error of refused) expect(error).toMatchObject({ code: 'too_many_requests', retry: true })
    expect(refused[0]?.details?.retryAfterMs).toBeGreaterThan(0)
    socket.close()
  })

  describe('repeated under one clientId', () => {
    test('chat:send gives the same answer and one line; other input is a conflict', async () => {
      const dave = await app.person(`dave${SOCKET_ENGINE}`)
      const socket = await rawSocket(app, dave)
      const { streamId } = dave.account
      const seen = dave.follow(`chat:${streamId}`)
      const clientId = randomUUID()
      const line = { clientId, streamId, text: 'once' }
      const acks = await Promise.all([1, 2, 3, 4].map(() => socket.ask('chat:send', line)))
      expect(acks[0]?.ok).toBe(true)
      for (const ack of acks) expect(ack).toEqual(acks[0])
      expect(await socket.ask('chat:send', { ...line, text: 'twice' })).toMatchObject({
        ok: false,
        error: { code: 'conflict' },
      })
      await socket.ask('chat:send', { clientId: randomUUID(), streamId, text: 'after' })
      await until('the line after', () => seen.items.length >= 2)
      expect(seen.items.map(({ text }) => text)).toEqual(['once', 'after'])
      socket.close()
    })

    test('a clientId in capitals is the same one, and spoils nothing for the lines beside it', async () => {
      const [heidi, ivan] = [
        await app.person(`heidi${SOCKET_ENGINE}`),
        await app.person(`ivan${SOCKET_ENGINE}`),
      ]
      const [socket, other] = [await rawSocket(app, heidi), await rawSocket(app, ivan)]
      const { streamId } = heidi.account
      const clientId = randomUUID()
      const capitals = { clientId: clientId.toUpperCase(), streamId, text: 'loud' }
      const acks = await Promise.all([
        ...[capitals, { ...capitals, clientId }, capitals].map((line) => socket.ask('chat:send', line)),
        ...[1, 2, 3].map(() =>
          other.ask('chat:send', { clientId: randomUUID(), streamId, text: 'beside it' }),
        ),
      ])
      expect(acks.filter(({ ok }) => !ok)).toEqual([])
      expect(acks[1]).toEqual(acks[0])
      expect(acks[2]).toEqual(acks[0])
      for (const one of [socket, other]) one.close()
    })

    test('another person may use the same clientId', async () => {
      const [erin, frank] = [
        await app.person(`erin${SOCKET_ENGINE}`),
        await app.person(`frank${SOCKET_ENGINE}`),
      ]
      const clientId = randomUUID()
      const { streamId } = erin.account
      const both = await Promise.all(
        [erin, frank].map((who) => who.connection.call('chat:send', { clientId, streamId, text: 'mine' })),
      )
      expect(both.map(({ author }) => author.handle)).toEqual([
        `erin${SOCKET_ENGINE}`,
        `frank${SOCKET_ENGINE}`,
      ])
      expect(new Set(both.map(({ seq }) => seq)).size).toBe(2)
    })

    test.each(['broadcast:start', 'broadcast:schedule'] as const)('%s', async (name) => {
      const grace = await app.person(`g_${name.slice(10, 13)}${SOCKET_ENGINE}`)
      const socket = await rawSocket(app, grace)
      const input = {
        ...{ clientId: randomUUID(), title: 'One', category: 'talk', visibility: 'public' },
        ...(name === 'broadcast:schedule' && { scheduledFor: Date.now() + 3_600_000 }),
      }
      const [first, second] = await Promise.all([socket.ask(name, input), socket.ask(name, input)])
      expect(first?.ok).toBe(true)
      expect(second).toEqual(first)
      expect(await socket.ask(name, { ...input, title: 'Two' })).toMatchObject({
        ok: false,
        error: { code: 'conflict' },
      })
      socket.close()
    })
  })
})
