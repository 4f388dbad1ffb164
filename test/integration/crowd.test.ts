import { randomUUID } from 'node:crypto'
import { io, type Socket } from 'socket.io-client'
import { expect, test } from 'vitest'
import type { TopicItem } from '../../src/contract/index.ts'
import type { Ack } from '../../src/core/errors.ts'
import type { ItemsFrame, JoinedTopic } from '../../src/core/topics.ts'
import { startApp } from '../support/app.ts'
import { CROWD_SECRET, type CrowdMember, createCrowd } from '../support/crowd.ts'
import { sendMedia, watchMedia } from '../support/peers/peers.ts'
import { clientId } from '../support/person.ts'
import { socketUrl } from '../support/raw-socket.ts'
import { until } from '../support/until.ts'

type Line = TopicItem<`chat:${string}`>

const CHATTERS = 200
const LINES_EACH = 5
const VIEWERS = 20
/** libwebrtc in one process serves about as many. */
const VIEWERS_PER_PROCESS = 10

test('200 plain sockets chat while 20 WebRTC clients watch: every line at every client, in order, once', async () => {
  await using app = await startApp({ SECRET_KEY: CROWD_SECRET })
  const host = await app.person('host')
  const { streamId } = host.account
  const details = { title: 'A full house', category: 'talk', visibility: 'public' } as const
  await host.connection.call('broadcast:start', { clientId: clientId(), ...details })
  await using _sender = await sendMedia(app, host)
  const state = host.follow(`stream:${streamId}`)
  await until('the stream to be live', async () => {
    const { stream } = await host.api.request('get /api/streams/{handle}', { params: { handle: 'host' } })
    return stream.broadcast?.state === 'live'
  })
  const processes = Array.from({ length: VIEWERS / VIEWERS_PER_PROCESS }, () =>
    watchMedia(app, streamId, VIEWERS_PER_PROCESS),
  )
  await using _viewers = {
    async [Symbol.asyncDispose]() {
      for (const viewers of processes) await viewers[Symbol.asyncDispose]()
    },
  }
  const watching = () =>
    processes
      .flatMap((p) => p.reports())
      .filter(
        ({ state: is, stats }) => is === 'playing' && (stats?.bitrateBps ?? 0) > 0 && (stats?.fps ?? 0) > 0,
      ).length
  await until('everybody to see the picture', () => watching() === VIEWERS)

  const crowd = await createCrowd(app, CHATTERS)
  const clients = await Promise.all(crowd.map((member) => join(app, member, `chat:${streamId}`)))
  const sent = await Promise.all(clients.map(({ socket }, i) => talk(socket, streamId, `client ${i}`)))
  const total = CHATTERS * LINES_EACH
  expect(sent.flat().filter(({ ok }) => ok)).toHaveLength(total)
  await until(
    'the last line everywhere',
    () => clients.every(({ lines }) => lines.at(-1)?.seq === total),
    60_000,
  )
  const seqs = Array.from({ length: total }, (_, i) => i + 1)
  for (const { lines } of clients) expect(lines.map(({ seq }) => seq)).toEqual(seqs)
  const texts = clients[0]?.lines.map(({ text }) => text)
  for (const { lines } of clients) expect(lines.map(({ text }) => text)).toEqual(texts)
  expect(new Set(texts).size).toBe(total)

  // On a machine that is this full a sender may be starved for a moment; what counts is that nobody loses the picture for good.
  await until('everybody to see the picture still', () => watching() === VIEWERS)
  await until('the stream to be live still', () => lastState(state.items) !== 'interrupted')
  for (const { socket } of clients) socket.close()
})

const lastState = (items: readonly TopicItem<`stream:${string}`>[]) => {
  const last = items.findLast((item) => item.type === 'broadcast')
  return last?.type === 'broadcast' ? last.broadcast.state : undefined
}

/** A plain client: it takes frames as they come, without the product's ordering and resuming. */
async function join(app: Parameters<typeof socketUrl>[0], member: CrowdMember, topic: string) {
  const socket = io(socketUrl(app), {
    auth: { token: await member.token() },
    transports: ['websocket'],
    forceNew: true,
  })
  const lines: Line[] = []
  socket.on('topic:items', (frame: ItemsFrame<Line>) => {
    if (frame.topic === topic) lines.push(...frame.items)
  })
  await new Promise((resolve, reject) => {
    socket.once('connect', () => resolve(undefined))
    socket.once('connect_error', reject)
  })
  const ack = (await socket.emitWithAck('topic:join', { topics: [{ topic }] })) as Ack<{
    topics: JoinedTopic[]
  }>
  expect(ack).toMatchObject({ ok: true, data: { topics: [{ topic, recovered: true }] } })
  return { socket, lines }
}

const talk = (socket: Socket, streamId: string, name: string): Promise<Ack<Line>[]> =>
  Promise.all(
    Array.from(
      { length: LINES_EACH },
      (_, i): Promise<Ack<Line>> =>
        socket.emitWithAck('chat:send', { clientId: randomUUID(), streamId, text: `${name}, line ${i}` }),
    ),
  )
