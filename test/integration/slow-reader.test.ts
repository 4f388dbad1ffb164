import { describe, expect, test } from 'vitest'
import type { TopicItem } from '../../src/contract/index.ts'
import type { Ack } from '../../src/core/errors.ts'
import { sleep } from '../../src/core/time.ts'
import type { ItemsFrame, JoinedTopic, Position } from '../../src/core/topics.ts'
import { startApp, type TestApp } from '../support/app.ts'
import { CROWD_SECRET, createCrowd } from '../support/crowd.ts'
import { networkOf } from '../support/engines.ts'
import { metric } from '../support/metric.ts'
import { clientId, type Person } from '../support/person.ts'
import { type RawSocket, rawSocket, refusal, tokenOf } from '../support/raw-socket.ts'
import { until } from '../support/until.ts'

type Line = TopicItem<`chat:${string}`>
type Joined = Ack<{ topics: JoinedTopic<Line>[] }>

const CHATTERS = 25
/** As many as one may say at once. */
const LINES_EACH = 20
const LINES = CHATTERS * LINES_EACH
/** The longest a line can be, and three bytes a letter. */
const TEXT = '長'.repeat(500)
/** The server looks once a second at who is behind; four replays of 900 KB in that time do not reach its limit of 4 MB. */
const ASK_EVERY_MS = 400
/** What the process may need more for one that does not read, and for 500 long lines: far less than what was asked for. */
const MEMORY_MAX_BYTES = 100 * 1024 * 1024

const seqs = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, i) => from + i)

const join = (socket: RawSocket, topic: string, since?: Position) =>
  socket.ask('topic:join', { topics: [{ topic, since }] }) as Promise<Joined>

describe.each(['uws', 'ws'])('a reader that stops reading in a busy room, on %s', (SOCKET_ENGINE) => {
  test('is ended while others hear everything, is told why when it comes back, and goes on from where it was', async () => {
    await using app = await startApp({ SOCKET_ENGINE, SECRET_KEY: CROWD_SECRET })
    const [host, guest, slow] = [await app.person('host'), await app.visitor(), await app.visitor()]
    const { streamId } = host.account
    const chat = `chat:${streamId}` as const
    const others = guest.follow(chat)
    await until('the guest to be in', () => guest.connection.state === 'online')
    const first = await rawSocket(app, slow)
    const seen: number[] = []
    first.socket.on('topic:items', ({ items }: ItemsFrame<Line>) => {
      seen.push(...items.map(({ seq }) => seq))
    })
    const ack = await join(first, chat)
    const position = ack.ok ? ack.data.topics[0]?.position : undefined
    const previous = first.socket.id
    networkOf(first.socket).pause()

    await sayAll(app, streamId)
    const memory = () => metric(app, 'process_resident_memory_bytes')
    const before = await memory()
    let peak = before
    await until('it to be ended', async () => {
      first.socket.emit(
        'topic:join',
        { topics: [{ topic: chat, since: { ...position, offset: 0 } }] },
        () => {},
      )
      await sleep(ASK_EVERY_MS)
      peak = Math.max(peak, await memory())
      return (await metric(app, 'gateway_slow_consumers_total')) === 1
    })
    expect(peak - before).toBeLessThan(MEMORY_MAX_BYTES)
    await until('all lines at the others', () => others.items.length === LINES)
    expect(others.items.map(({ seq }) => seq)).toEqual(seqs(1, LINES))
    networkOf(first.socket).resume()
    await until('it to notice', () => !first.socket.connected)
    expect(seen).toEqual(seqs(1, seen.length))

    await isToldOnce(app, slow, previous)
    const again = await rawSocket(app, slow)
    const resumed = await join(again, chat, { epoch: position?.epoch ?? '', offset: seen.length })
    const missed = resumed.ok ? (resumed.data.topics[0]?.items ?? []) : []
    expect([...seen, ...missed.map(({ seq }) => seq)]).toEqual(seqs(1, LINES))
    again.close()
    // The server looks once a second.
    await until('nothing to wait', async () => (await metric(app, 'gateway_waiting_bytes')) === 0)
    expect(await metric(app, 'topic_items_skipped_total')).toBe(0)
  })
})

async function sayAll(app: TestApp, streamId: string): Promise<void> {
  const crowd = await createCrowd(app, CHATTERS)
  await Promise.all(
    crowd.map(async (member) => {
      const socket = await rawSocket(app, { token: member.token })
      const lines = Array.from({ length: LINES_EACH }, () =>
        socket.ask('chat:send', { clientId: clientId(), streamId, text: TEXT }),
      )
      for (const { ok } of await Promise.all(lines)) expect(ok).toBe(true)
      socket.close()
    }),
  )
}

async function isToldOnce(
  app: Parameters<typeof refusal>[0],
  person: Person,
  previous: string | undefined,
): Promise<void> {
  const auth = async (id: unknown) => ({ auth: { token: await tokenOf(person), previous: id } })
  for (const other of ['somebody else', 42, null]) {
    expect(await refusal(app, await auth(other))).toBe('admitted')
  }
  expect(await refusal(app, await auth(previous))).toBe('too_slow')
  expect(await refusal(app, await auth(previous))).toBe('admitted')
}

test('the client package knows why the server let it go', async () => {
  await using app = await startApp()
  const guest = await app.visitor()
  await until('the guest to be in', () => guest.connection.state === 'online')
  expect(guest.connection.reason).toBeUndefined()
  // Until the next handshake is refused, which is another reason.
  const stopped = app.stop()
  await until('it to be told', () => guest.connection.reason === 'draining')
  await stopped
})
