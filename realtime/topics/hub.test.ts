import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { z } from 'zod'
import type { Logger } from '../../src/core/log.ts'
import type { ItemsFrame } from '../../src/core/topics.ts'
import { createTopicHub } from './hub.ts'
import { createTopicNames, type ParsedTopic } from './names.ts'

/** Longer than a tick, than a look at the heads, and than an idle topic is kept. */
const TICK_OVER_MS = 100
const CHECK_OVER_MS = 3000
const IDLE_OVER_MS = 10 * 60_000

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

const silent: Logger = { debug() {}, info() {}, warn() {}, error() {}, child: () => silent }
const item = z.unknown()
const names = createTopicNames({
  'chat:{id}': { summary: '', class: 'durable', item, historyOnJoin: 2 },
  'stream:{id}': { summary: '', class: 'live', item },
  'counter:{id}': { summary: '', class: 'latest', item },
  status: { summary: '', class: 'latest', item },
})
const named = (name: string) => names(name) as ParsedTopic

/** A hub on a store of chat lines in memory, which can be away. A line is its own seq. */
function setUp() {
  const frames: ItemsFrame[] = []
  const store = { head: 0, isAway: false, reads: 0, headReads: 0 }
  const read = <T>(result: T): Promise<T> =>
    store.isAway ? Promise.reject(new Error('away')) : Promise.resolve(result)
  const range = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, i) => from + i)
  const hub = createTopicHub({
    names,
    wire: undefined,
    log: silent,
    pacing: { level: () => 0, report() {} },
    nowMs: Date.now,
    emit: (frame) => void frames.push(frame),
    sources: {
      'chat:{id}': {
        heads(topics) {
          store.headReads++
          return read(new Map(topics.map((topic) => [topic, { epoch: 'e', seq: store.head }])))
        },
        after(_param, offset, limit) {
          store.reads++
          return read(range(offset + 1, Math.min(store.head, offset + limit)))
        },
        upTo: (_param, offset, limit) => read(range(offset - limit + 1, offset)),
      },
    },
  })
  const commit = (...seqs: number[]) => {
    store.head = Math.max(store.head, ...seqs)
    for (const seq of seqs) hub.publisher.committed('chat:1', seq, [seq])
  }
  const pass = (ms: number) => vi.advanceTimersByTimeAsync(ms)
  return { hub, store, frames, commit, pass, pushed: () => frames.flatMap(({ items }) => items) }
}

const at = (offset: number, epoch = 'e') => ({ epoch, offset })

test('a durable topic answers its newest items, or exactly what was missed since a position', async () => {
  const { hub, store, commit } = setUp()
  store.head = 7
  expect(await hub.join(named('chat:1'), undefined)).toMatchObject({ position: at(7), items: [6, 7] })
  commit(8, 9)
  for (const [since, items] of [
    [9, []],
    [8, [9]],
    [3, [4, 5, 6, 7, 8, 9]],
  ] as const) {
    expect(await hub.join(named('chat:1'), at(since))).toMatchObject({ recovered: true, items })
  }
  for (const since of [at(3, 'other'), at(10)]) {
    expect(await hub.join(named('chat:1'), since)).toMatchObject({
      position: at(9),
      recovered: false,
      items: [],
    })
  }
  hub.stop()
})

test('of what was missed too much is told as a gap, never as a part', async () => {
  const { hub, store } = setUp()
  store.head = 5000
  expect(await hub.join(named('chat:1'), at(1))).toMatchObject({ recovered: false, items: [] })
  expect((await hub.join(named('chat:1'), at(4000))).items).toHaveLength(1000)
  hub.stop()
})

test('topics that are joined at once, as after the death of another gateway, are read together', async () => {
  const { hub, store } = setUp()
  await Promise.all(Array.from({ length: 400 }, (_, i) => hub.join(named(`chat:${i}`), undefined)))
  expect(store.headReads).toBe(1)
  hub.stop()
})

test('lines that are committed while the topic loads are pushed once', async () => {
  const { hub, store, commit, pass, pushed } = setUp()
  store.head = 3
  const joining = hub.join(named('chat:1'), undefined)
  // The head is read on the next turn, with those of other topics; its answer is under way when these are committed.
  await Promise.resolve()
  commit(3, 4)
  await joining
  await pass(TICK_OVER_MS)
  expect(pushed()).toEqual([4])
  hub.stop()
})

test('a hole is filled by one read, whatever waits behind it', async () => {
  const { hub, store, commit, pass, pushed } = setUp()
  await hub.join(named('chat:1'), undefined)
  commit(4, 6, 5)
  await pass(TICK_OVER_MS)
  expect(pushed()).toEqual([1, 2, 3, 4, 5, 6])
  expect(store.reads).toBe(1)
  hub.stop()
})

test('a line whose announcement was lost is found at the next look at the head, also after an outage', async () => {
  const { hub, store, commit, pass, pushed } = setUp()
  await hub.join(named('chat:1'), undefined)
  commit(1)
  await pass(TICK_OVER_MS)
  store.head = 3
  store.isAway = true
  hub.publisher.committed('chat:1', 1, [])
  await pass(CHECK_OVER_MS)
  expect(pushed()).toEqual([1])
  store.isAway = false
  await pass(CHECK_OVER_MS)
  expect(pushed()).toEqual([1, 2, 3])
  hub.stop()
})

test('members whose join failed do not take those along who join while they leave', async () => {
  const { hub, store, commit, pass, pushed } = setUp()
  store.isAway = true
  const failed = hub.join(named('chat:1'), undefined)
  await expect(failed).rejects.toThrow('away')
  store.isAway = false
  await hub.join(named('chat:1'), undefined)
  hub.left(named('chat:1'))
  commit(1)
  await pass(TICK_OVER_MS)
  expect(pushed()).toEqual([1])
  hub.left(named('chat:1'))
  await pass(IDLE_OVER_MS)
  expect(hub.size().durable).toBe(0)
  hub.stop()
})

test('joins that fail leave nothing behind', async () => {
  const { hub, store } = setUp()
  store.isAway = true
  await expect(hub.join(named('chat:1'), undefined)).rejects.toThrow('away')
  hub.left(named('chat:1'))
  expect(hub.size().durable).toBe(0)
  hub.stop()
})

test('a live topic replays within its life; one that was forgotten comes back under another epoch', async () => {
  const { hub, pass } = setUp()
  const topic = named('stream:1')
  hub.publisher.append('stream:1', ['a', 'b'])
  const { position } = await hub.join(topic, undefined)
  hub.publisher.append('stream:1', ['c'])
  expect(await hub.join(topic, position)).toMatchObject({ recovered: true, items: ['c'] })
  expect(await hub.join(topic, { ...position, offset: 99 })).toMatchObject({ recovered: false })
  for (let i = 0; i < 3; i++) hub.left(topic)
  await pass(IDLE_OVER_MS)
  expect(hub.size().live).toBe(0)
  hub.publisher.append('stream:1', ['d', 'e', 'f'])
  expect(await hub.join(topic, position)).toMatchObject({ recovered: false, items: [] })
  hub.stop()
})

test('a counter that nobody looks at is not kept; one with members is repeated; a status is kept', async () => {
  const { hub, pass, frames } = setUp()
  hub.publisher.set('status', 'ready')
  for (let i = 0; i < 50; i++) hub.publisher.set(`counter:${i}`, i)
  expect(hub.size().latest).toBe(1)
  await hub.join(named('counter:7'), undefined)
  hub.publisher.set('counter:7', 7)
  await pass(IDLE_OVER_MS)
  expect(hub.size().latest).toBe(2)
  expect(await hub.join(named('counter:7'), undefined)).toMatchObject({ items: [7] })
  expect(await hub.join(named('status'), undefined)).toMatchObject({ items: ['ready'] })
  // Repeated for whoever lost the last push.
  expect(frames.filter(({ topic }) => topic === 'counter:7').length).toBeGreaterThan(1)
  hub.left(named('counter:7'))
  hub.left(named('counter:7'))
  hub.publisher.set('counter:7', 0)
  await pass(IDLE_OVER_MS)
  expect(hub.size().latest).toBe(1)
  hub.stop()
})
