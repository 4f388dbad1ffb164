import { randomUUID } from 'node:crypto'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Server, type Socket } from 'socket.io'
import { expect, test } from 'vitest'
import { percentile } from '../load/measure/histogram.ts'
import { productConversation, socketIoConversation } from '../load/swarm/conversation.ts'
import { type Swarm, startSwarm } from '../load/swarm/swarm.ts'
import { startApp, type TestApp } from '../support/app.ts'
import { CROWD_SECRET, createCrowd } from '../support/crowd.ts'
import { until } from '../support/until.ts'

const SOCKETS = 50
const LINES_PER_S = 50
const DURATION_MS = 1000
const LINES = 50
/** Longer than a line that does arrive needs, and waited in full where one is missing. */
const DRAIN_MS = 5000

async function crowdIn(app: TestApp, streamId: string): Promise<Swarm> {
  const crowd = await createCrowd(app, SOCKETS)
  const swarm = await startSwarm({
    ports: [app.socketPort ?? app.httpPort],
    sockets: SOCKETS,
    senders: SOCKETS,
    conversation: productConversation([`chat:${streamId}`], streamId),
    values: await Promise.all(crowd.map((member) => member.token())),
  })
  await swarm.open()
  return swarm
}

const round = (swarm: Swarm) =>
  swarm.round({ linesPerS: LINES_PER_S, durationMs: DURATION_MS, drainMs: DRAIN_MS })

test('the load generator counts every line at every socket once, in the order of the server', async () => {
  await using app = await startApp({ SECRET_KEY: CROWD_SECRET })
  const host = await app.person('host')
  await using swarm = await crowdIn(app, host.account.streamId)
  for (const _ of ['first', 'second']) {
    const report = await round(swarm)
    expect(report).toMatchObject({
      ...{ sockets: SOCKETS, closed: 0, lines: LINES, acked: LINES, refused: 0, refusal: '' },
      ...{ deliveries: LINES * SOCKETS, missing: 0, doubled: 0, disordered: 0, strays: 0 },
    })
    expect(report.latencyUs.reduce((sum, [, count]) => sum + count, 0)).toBe(LINES * SOCKETS)
    expect(report.answerUs.reduce((sum, [, count]) => sum + count, 0)).toBe(LINES)
    expect(percentile(report.latencyUs, 0.01)).toBeGreaterThan(0)
    expect(report.frames).toBeGreaterThanOrEqual(SOCKETS)
    expect(report.frames).toBeLessThanOrEqual(LINES * SOCKETS)
  }
})

test('a line that reaches nobody is reported as missing at every socket', async () => {
  await using app = await startApp({ SECRET_KEY: CROWD_SECRET })
  const host = await app.person('host')
  const { streamId } = host.account
  const elsewhere = (await app.person('elsewhere')).account.streamId
  const crowd = await createCrowd(app, SOCKETS)
  // All are in one chat and say their lines in another: accepted, and never seen.
  await using swarm = await startSwarm({
    ports: [app.socketPort ?? app.httpPort],
    sockets: SOCKETS,
    senders: SOCKETS,
    conversation: productConversation([`chat:${streamId}`], elsewhere),
    values: await Promise.all(crowd.map((member) => member.token())),
  })
  await swarm.open()
  const report = await swarm.round({ linesPerS: LINES_PER_S, durationMs: DURATION_MS, drainMs: 1000 })
  expect(report).toMatchObject({ lines: LINES, acked: LINES, deliveries: 0, missing: LINES * SOCKETS })
})

test('one line left out, one doubled and two exchanged at one socket of many are found', async () => {
  await using faulty = await startFaultyServer()
  const conversation = { ...socketIoConversation(['room']), order: '"order":' }
  await using swarm = await startSwarm({
    ports: [faulty.port],
    sockets: SOCKETS,
    senders: SOCKETS,
    conversation,
  })
  await swarm.open()
  const report = await swarm.round({ linesPerS: LINES_PER_S, durationMs: DURATION_MS, drainMs: 1000 })
  expect(report).toMatchObject({
    ...{ lines: LINES, acked: LINES, deliveries: LINES * SOCKETS - 1 },
    ...{ missing: 1, doubled: 1, disordered: 1 },
  })
})

/** A chat that treats its first socket badly. */
async function startFaultyServer(): Promise<AsyncDisposable & { port: number }> {
  const http = createServer()
  const io = new Server(http, { transports: ['websocket'] })
  const sockets: Socket[] = []
  let order = 0
  let held: unknown
  const treatBadly = (socket: Socket | undefined, line: { order: number }) => {
    if (line.order === 3) return
    if (line.order === 7) {
      held = line
      return
    }
    socket?.emit('line', line)
    if (line.order === 5) socket?.emit('line', line)
    if (line.order === 8) socket?.emit('line', held)
  }
  io.on('connection', (socket) => {
    sockets.push(socket)
    socket.on('join', (_rooms: string[], answer: (ack: object) => void) => answer({ ok: true }))
    socket.on('say', ({ text }: { text: string }, answer: (ack: object) => void) => {
      const line = { order: ++order, text }
      for (const other of sockets.slice(1)) other.emit('line', line)
      treatBadly(sockets[0], line)
      answer({ ok: true })
    })
  })
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve))
  return {
    port: (http.address() as AddressInfo).port,
    [Symbol.asyncDispose]: () => io.close(),
  }
}

test('refused lines and lost sockets are told apart', async () => {
  await using app = await startApp({ SECRET_KEY: CROWD_SECRET })
  const host = await app.person('host')
  const { streamId } = host.account
  const repeat = randomUUID()
  const conversation = productConversation([`chat:${streamId}`], streamId)
  const [member] = await createCrowd(app, 1)
  await using swarm = await startSwarm({
    ports: [app.socketPort ?? app.httpPort],
    sockets: 2,
    senders: 1,
    // One id for all lines: the first is accepted, the others are other lines under its id.
    conversation: { ...conversation, line: conversation.line.replace('{uuid}', repeat) },
    values: [(await member?.token()) ?? ''],
  })
  await swarm.open()
  const refused = await swarm.round({ linesPerS: 5, durationMs: 1000, drainMs: DRAIN_MS })
  expect(refused).toMatchObject({ lines: 5, acked: 1, refused: 4, deliveries: 2, missing: 0 })
  expect(refused.refusal).toContain('conflict')
  await app.kill()
  await until('the loss of the sockets', async () => (await swarm.sockets()) === 0)
  const alone = await swarm.round({ linesPerS: 5, durationMs: 200, drainMs: 100 })
  expect(alone).toMatchObject({ lines: 1, acked: 0, closed: 2, sockets: 0, deliveries: 0 })
})

test('a conversation that a server refuses is told with its words', async () => {
  await using app = await startApp({ SECRET_KEY: CROWD_SECRET })
  const { streamId } = (await app.person('host')).account
  await using swarm = await startSwarm({
    ports: [app.socketPort ?? app.httpPort],
    sockets: 3,
    senders: 3,
    conversation: productConversation([`chat:${streamId}`], streamId),
    values: ['not a token'],
  })
  await expect(swarm.open()).rejects.toThrow(/3 of 3 sockets did not open.*token_expired/)
})
