import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { ItemsFrame } from '../../src/core/topics.ts'
import { Topic } from './topic.ts'

/** Longer than a tick. */
const TICK_OVER_MS = 100

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

function setUp({ head = 0, members = 1, capacity = 500 } = {}) {
  const frames: ItemsFrame[] = []
  const emit = (frame: ItemsFrame) => void frames.push(frame)
  const topic = new Topic({ name: 'chat:1', epoch: 'e', head, capacity, nowMs: 0, emit })
  topic.members = members
  return { topic, frames, tick: () => vi.advanceTimersByTime(TICK_OVER_MS) }
}
const range = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, i) => from + i)

test('what arrives within a tick leaves as one frame with the offset of its last item', () => {
  const { topic, frames, tick } = setUp({ head: 10 })
  topic.append([11, 12])
  topic.append([13])
  expect(frames).toEqual([])
  tick()
  expect(frames).toEqual([{ topic: 'chat:1', epoch: 'e', offset: 13, items: [11, 12, 13] }])
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
