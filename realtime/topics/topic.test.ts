import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { ItemsFrame } from '../../src/core/topics.ts'
import type { Rung } from './pace/rungs.ts'
import { Topic } from './topic.ts'

/** Longer than a calm room waits. */
const TICK_OVER_MS = 100

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

type Report = [rung: Rung, skipped: number]

function setUp({ head = 0, members = 1, capacity = 500, isSkippable = undefined as Skippable } = {}) {
  const frames: ItemsFrame[] = []
  const reports: Report[] = []
  const node = { level: 0 }
  const topic = new Topic({
    ...{ name: 'chat:1', epoch: 'e', head, capacity, nowMs: 0, isSkippable },
    emit: (frame) => void frames.push(frame),
    pacing: { level: () => node.level, report: (_topic, ...report) => void reports.push(report) },
  })
  topic.members = members
  const pass = (ms: number) => void vi.advanceTimersByTime(ms)
  /** Items one by one at a rate, for so long. */
  const talk = (itemsPerS: number, forMs: number) => {
    for (let ms = 0; ms < forMs; ms += 1000 / itemsPerS) {
      topic.append([topic.position.offset + 1])
      pass(1000 / itemsPerS)
    }
  }
  return { topic, frames, reports, node, pass, talk, tick: () => pass(TICK_OVER_MS) }
}
type Skippable = ((item: unknown) => boolean) | undefined
const range = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, i) => from + i)

test('what arrives at once leaves as one frame with the offset of its last item', () => {
  const { topic, frames, tick } = setUp({ head: 10 })
  topic.append([11, 12])
  topic.append([13])
  expect(frames).toEqual([])
  tick()
  expect(frames).toEqual([{ topic: 'chat:1', epoch: 'e', offset: 13, items: [11, 12, 13] }])
})

test('the first line of a quiet room waits for nothing, however large it is', () => {
  const { topic, frames, pass } = setUp({ members: 10_000 })
  topic.append([1])
  pass(1)
  expect(frames).toHaveLength(1)
})

test('a large busy room collects five lines a frame and more, and a small one sends each as it comes', () => {
  const [large, small] = [setUp({ members: 2000 }), setUp({ members: 5 })]
  for (const { talk } of [large, small]) talk(200, 3000)
  expect(small.frames).toHaveLength(600)
  const settled = large.frames.slice(10, -1)
  for (const { items } of settled) expect(items.length).toBeGreaterThanOrEqual(5)
  expect(large.frames.length).toBeLessThan(600 / 5)
  expect(large.reports.every(([rung]) => rung === 'calm')).toBe(true)
})

test('a room that falls quiet is quick again', () => {
  const { topic, frames, talk, pass } = setUp({ members: 2000 })
  talk(200, 3000)
  pass(5000)
  const before = frames.length
  topic.append([topic.position.offset + 1])
  pass(1)
  expect(frames).toHaveLength(before + 1)
})

test('on a loaded node a large room is slowed, and nothing is skipped yet', () => {
  const { topic, frames, reports, node, talk, pass } = setUp({ members: 5000, isSkippable: () => true })
  node.level = 1
  talk(200, 3000)
  pass(1000)
  expect(frames.length).toBeLessThan(3000 / 150)
  expect(reports.some(([rung]) => rung === 'slowed')).toBe(true)
  expect(frames.flatMap(({ items }) => items)).toEqual(range(1, topic.position.offset))
})

test('on an overloaded node skipped lines are named, important ones stay, and all are kept for who asks', () => {
  const isImportant = (item: unknown) => (item as number) % 100 === 0
  const room = setUp({ members: 10_000, isSkippable: (item) => !isImportant(item) })
  const { topic, frames, reports, node, talk, pass } = room
  node.level = 3
  talk(200, 5000)
  pass(1000)
  const sent = frames.flatMap(({ items }) => items as number[])
  // 100 000 deliveries a second are 10 lines a second for 10 000, and five seconds' worth to begin with.
  expect(sent.length).toBeLessThanOrEqual(10 * 7 + 50)
  expect(sent.filter(isImportant)).toEqual([100, 200, 300, 400, 500, 600, 700, 800, 900, 1000])
  expect(reports.some(([rung]) => rung === 'sampled')).toBe(true)
  let seen = 0
  for (const { skipped, items, offset } of frames) {
    if (skipped) expect(skipped[0]).toBe(seen + 1)
    seen = skipped ? skipped[1] : seen
    for (const item of items) expect(item).toBe(++seen)
    expect(offset).toBe(seen)
  }
  expect(seen).toBe(topic.position.offset)
  expect(reports.reduce((sum, [, skipped]) => sum + skipped, 0)).toBe(1000 - sent.length)
  expect(topic.after(600)).toEqual(range(601, 1000))
})

test('a topic whose declaration does not allow it loses nothing at any level', () => {
  const { topic, frames, node, talk, pass } = setUp({ members: 10_000 })
  node.level = 3
  talk(200, 5000)
  pass(1000)
  expect(frames.flatMap(({ items }) => items)).toEqual(range(1, topic.position.offset))
})

test('a frame has no more than 250 items, and none is lost where more come than are kept', () => {
  const { topic, frames, tick } = setUp({ capacity: 300 })
  topic.append(range(1, 2000))
  tick()
  expect(frames.flatMap(({ items }) => items)).toEqual(range(1, 2000))
  expect(Math.max(...frames.map(({ items }) => items.length))).toBeLessThanOrEqual(250)
  for (const { offset, items } of frames) expect(items.at(-1)).toBe(offset)
})

test('nothing is sent while nobody is in, and nothing of that time afterwards', () => {
  const { topic, frames, tick } = setUp({ members: 0 })
  topic.append([1, 2])
  tick()
  topic.members = 1
  topic.append([3])
  tick()
  expect(frames).toEqual([{ topic: 'chat:1', epoch: 'e', offset: 3, items: [3] }])
  expect(topic.after(0)).toEqual([1, 2, 3])
})

test('committed items in any order and more than once leave once and in order, and never over a hole', () => {
  const { topic, frames, tick } = setUp({ head: 5 })
  expect(topic.accept(8, [8, 9])).toBe(true)
  expect(topic.accept(4, [4, 5, 6])).toBe(true)
  tick()
  expect(frames.flatMap(({ items }) => items)).toEqual([6])
  expect(topic.position).toEqual({ epoch: 'e', offset: 6 })
  expect(topic.accept(6, [6, 7])).toBe(false)
  expect(topic.accept(8, [8])).toBe(false)
  tick()
  expect(frames.flatMap(({ items }) => items)).toEqual([6, 7, 8, 9])
})

test('a stopped topic sends nothing more', () => {
  const { topic, frames, tick } = setUp()
  topic.append([1])
  topic.stop()
  tick()
  expect(frames).toEqual([])
})
