import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { ItemsFrame } from '../../../src/core/topics.ts'
import { createLatestTopic } from './latest.ts'

/** Longer than a tick. */
const TICK_OVER_MS = 1000

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

function setUp() {
  const frames: ItemsFrame[] = []
  const topic = createLatestTopic({ name: 'counter', epoch: 'e', emit: (frame) => void frames.push(frame) })
  return { topic, frames, tick: () => vi.advanceTimersByTime(TICK_OVER_MS) }
}

test('before the first value there is nothing to answer or repeat', () => {
  const { topic, frames, tick } = setUp()
  topic.repeat()
  tick()
  expect(topic.items()).toEqual([])
  expect(topic.position.offset).toBe(0)
  expect(frames).toEqual([])
})

test('changes within a tick are one push of the newest value', () => {
  const { topic, frames, tick } = setUp()
  for (const viewers of [1, 2, 3]) topic.set({ viewers })
  tick()
  for (const viewers of [4, 5]) topic.set({ viewers })
  tick()
  expect(frames.map(({ items }) => items)).toEqual([[{ viewers: 3 }], [{ viewers: 5 }]])
  expect(frames.map(({ offset }) => offset)).toEqual([3, 5])
  expect(topic.items()).toEqual([{ viewers: 5 }])
})

test('the same value again is no change; a repeat sends it under the same version', () => {
  const { topic, frames, tick } = setUp()
  topic.set({ viewers: 1 })
  tick()
  topic.set({ viewers: 1 })
  tick()
  expect(frames).toHaveLength(1)
  topic.repeat()
  expect(frames[1]).toEqual(frames[0])
})

test('a repeat takes a waiting change along, which is then not sent twice', () => {
  const { topic, frames, tick } = setUp()
  topic.set(1)
  tick()
  topic.set(2)
  topic.repeat()
  tick()
  expect(frames.map(({ items }) => items)).toEqual([[1], [2]])
  topic.set(3)
  topic.stop()
  tick()
  expect(frames).toHaveLength(2)
})
