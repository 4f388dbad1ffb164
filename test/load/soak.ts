import { sleep } from '../../src/core/time.ts'
import { metric } from '../support/metric.ts'
import { until } from '../support/until.ts'
import { judgeCrowd, numberOption, type Seat, seatCrowd, talkAt } from './clients/crowd.ts'
import { plantStreams } from './clients/streams.ts'
import { pssBytesOf } from './measure/proc.ts'
import { type Product, type ProductNode, startProduct } from './measure/product.ts'
import { leaveServerCore } from './measure/program.ts'

/**
 * Thousands of sockets that talk, come and go and change rooms for a long time: memory must not grow with what has been, and
 * nothing may be left once everybody is gone.
 * Options: --minutes=N (20), --clients=N (5000).
 */

const TALKERS = 20
const LINES_PER_S = 4
const SAMPLE_MS = 15_000
/** Rooms that people look into besides the one where they all are. */
const ROOMS = 200
/** Every so often each looks into another room; every so often each loses its connection. */
const LOOK_EVERY_MS = 20_000
const CUT_EVERY_MS = 90_000
const AWAY_MAX_MS = 3000
/** A step of the wandering: as many clients act as their share of the time is. */
const STEP_MS = 100
/** So many keep what they are told and are judged; all others only take it. */
const RECORDED = 300
const SETTLE_LIMIT_MS = 40_000
/** A topic is forgotten 3 s after its last member left, a silent socket within 25 s. */
const EMPTY_LIMIT_MS = 60_000
/** Of the last quarter's memory over that of the second quarter: what allocators and the garbage collector do by themselves. */
const GROWTH_MAX = 1.1
const BYTES_PER_MB = 2 ** 20

const GOALS = {
  growth: `≤ ${GROWTH_MAX}`,
  leftSockets: '= 0',
  leftTopics: '= 0',
  deliveredShare: '= 1',
  faults: '= 0',
}

const NOTES = [
  'Memory: PSS of both gateways together. looks: how often somebody joined a further room and left it.',
  'heap…: lowest use of the heaps of JavaScript in that quarter, about what is left after a collection.',
]

export async function run(options: readonly string[]) {
  leaveServerCore()
  const minutes = numberOption(options, 'minutes', 20)
  const clients = numberOption(options, 'clients', 5000)
  await using product = await startProduct({ gateways: 2, accounts: clients })
  const { crowd, ports, streamId, nodes } = product
  const rooms = await plantStreams(product, ROOMS)
  const kept = () => Promise.all(nodes.map((node) => metric(node, 'gateway_topics')))
  const before = { topics: await kept(), bytes: await memoryOf(nodes) }
  const seats = await seatCrowd({
    ...{ ports, streamId, members: crowd, recorded: RECORDED },
    placeOf: (i) => i % ports.length,
    topicsOf: () => [`stream:${streamId}`, `counters:stream:${streamId}`],
  })
  const talk = talkAt(seats.slice(0, TALKERS), streamId, LINES_PER_S)
  const wandering = wander(seats.slice(TALKERS), rooms)
  const samples: number[] = []
  const heaps: number[] = []
  for (const endsAtMs = performance.now() + minutes * 60_000; performance.now() < endsAtMs; ) {
    await sleep(SAMPLE_MS)
    samples.push((await memoryOf(nodes)) / BYTES_PER_MB)
    heaps.push((await heapOf(nodes)) / BYTES_PER_MB)
  }
  wandering.end()
  await talk.end()
  const verdict = await judgeCrowd(seats.slice(0, RECORDED), talk, SETTLE_LIMIT_MS)
  for (const { client } of seats) client.close()
  const left = await whatIsLeft(product, before.topics)
  const [second, last] = [quarterOf(samples, 2), quarterOf(samples, 4)]
  const growth = mean(last) / mean(second)
  const figures = {
    ...{ minutes, clients, growth },
    leftSockets: left.sockets,
    leftTopics: left.topics,
    deliveredShare: verdict.delivered / verdict.expected,
    faults: verdict.silentGaps + verdict.doubled + verdict.disordered + verdict.altered,
    emptyMb: before.bytes / BYTES_PER_MB,
    secondQuarterMb: mean(second),
    lastQuarterMb: mean(last),
    heapSecondQuarterMb: Math.min(...quarterOf(heaps, 2)),
    heapLastQuarterMb: Math.min(...quarterOf(heaps, 4)),
    highestMb: Math.max(...samples),
    afterMb: (await memoryOf(nodes)) / BYTES_PER_MB,
    looks: wandering.looks(),
    cuts: wandering.cuts(),
    lines: talk.acknowledged.length,
  }
  return {
    ok:
      growth <= GROWTH_MAX &&
      figures.leftSockets + figures.leftTopics + figures.faults === 0 &&
      figures.deliveredShare === 1,
    figures,
    goals: GOALS,
    notes: NOTES,
  }
}

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length

const quarterOf = (values: readonly number[], n: number) =>
  values.slice(Math.floor(((n - 1) * values.length) / 4), Math.ceil((n * values.length) / 4))

async function heapOf(nodes: readonly ProductNode[]): Promise<number> {
  const all = await Promise.all(nodes.map((node) => metric(node, 'nodejs_heap_size_used_bytes')))
  return all.reduce((sum, bytes) => sum + bytes, 0)
}

async function memoryOf(nodes: readonly ProductNode[]): Promise<number> {
  const all = await Promise.all(nodes.map(({ program }) => pssBytesOf(program.pid)))
  return all.reduce((sum, bytes) => sum + bytes, 0)
}

/** Sockets, and topics beyond those that were there before anybody came, once there has been time to forget them. */
async function whatIsLeft({ nodes }: Product, before: readonly number[]) {
  const look = async () => {
    const sockets = await Promise.all(nodes.map((node) => metric(node, 'gateway_sockets')))
    const topics = await Promise.all(nodes.map((node) => metric(node, 'gateway_topics')))
    const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0)
    return { sockets: sum(sockets), topics: Math.max(0, sum(topics) - sum(before)) }
  }
  const isEmpty = async () => Object.values(await look()).every((count) => count === 0)
  await until('everything to be forgotten', isEmpty, EMPTY_LIMIT_MS).catch(() => {})
  return look()
}

/** In each step some look into another room, leaving the one before, and some lose their connection. */
function wander(seats: readonly Seat[], rooms: readonly string[]) {
  const inside = new Map<Seat, () => void>()
  let [looks, cuts] = [0, 0]
  const anyOf = <T>(values: readonly T[]) => values[Math.floor(Math.random() * values.length)] as T
  const look = (seat: Seat) => {
    inside.get(seat)?.()
    const room = anyOf(rooms)
    const leaves = [`chat:${room}`, `stream:${room}`].map((topic) =>
      seat.client.follow(topic, { onItems() {} }),
    )
    inside.set(seat, () => {
      for (const leave of leaves) leave()
    })
    looks++
  }
  const times = (everyMs: number) => Math.max(1, Math.round((seats.length * STEP_MS) / everyMs))
  const timer = setInterval(() => {
    for (let i = 0; i < times(LOOK_EVERY_MS); i++) look(anyOf(seats))
    for (let i = 0; i < times(CUT_EVERY_MS); i++, cuts++) anyOf(seats).client.cut(Math.random() * AWAY_MAX_MS)
  }, STEP_MS)
  return { looks: () => looks, cuts: () => cuts, end: () => clearInterval(timer) }
}
