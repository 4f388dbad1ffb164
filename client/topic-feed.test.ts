import { expect, test } from 'vitest'
import type { ItemsFrame, JoinedTopic, TopicClass } from '../src/core/topics.ts'
import { createTopicFeed } from './topic-feed.ts'

const NAME = 'chat:1'

const range = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, i) => from + i)
/** A push of the items from–to; an item is its own offset. */
const frame = (from: number, to: number, epoch = 'e'): ItemsFrame => ({
  topic: NAME,
  epoch,
  offset: to,
  items: range(from, to),
})
/** An answer that brings the items from–to and stands at `to`. */
const answer = (from: number, to: number, more: Partial<JoinedTopic> = {}): JoinedTopic => ({
  topic: NAME,
  class: 'durable' as TopicClass,
  position: { epoch: 'e', offset: to },
  recovered: true,
  items: range(from, to),
  ...more,
})

function listen(feed: ReturnType<typeof createTopicFeed>) {
  const log = { items: [] as unknown[], gaps: 0, skipped: [] as unknown[], closed: [] as string[] }
  const listener = feed.add({
    onItems: (items) => void log.items.push(...items),
    onStart(items, _at, isGap) {
      if (isGap) log.gaps++
      log.items.push(...items)
    },
    onSkipped: (skipped) => void log.skipped.push(skipped),
    onClosed: (code) => void log.closed.push(code),
  })
  return Object.assign(log, { listener })
}

test('frames that overtake the answer, come twice, overlap or swap places are shown once and in order', () => {
  const feed = createTopicFeed(NAME)
  const log = listen(feed)
  feed.frame(frame(4, 5))
  feed.joined(answer(1, 3), true)
  feed.frame(frame(5, 6))
  feed.frame(frame(8, 8))
  expect(feed.hasHole()).toBe(true)
  feed.frame(frame(7, 7))
  expect(log.items).toEqual(range(1, 8))
  expect(feed.hasHole()).toBe(false)
})

test('a hole that stays is filled by a join from the position', () => {
  const feed = createTopicFeed(NAME)
  const log = listen(feed)
  feed.joined(answer(1, 3), true)
  expect(feed.frame(frame(6, 7))).toBe(true)
  expect(feed.position).toEqual({ epoch: 'e', offset: 3 })
  feed.joined(answer(4, 7), false)
  expect(log.items).toEqual(range(1, 7))
  expect(feed.hasHole()).toBe(false)
})

test('an answer that frames have overtaken does not throw the position back', () => {
  const feed = createTopicFeed(NAME)
  const log = listen(feed)
  feed.joined(answer(1, 5), true)
  feed.frame(frame(6, 10))
  feed.joined(answer(6, 8), false)
  expect(feed.position?.offset).toBe(10)
  expect(feed.frame(frame(11, 11))).toBe(false)
  expect(log.items).toEqual(range(1, 11))
})

test('a second listener whose answer is older than what the first has seen misses nothing', () => {
  const feed = createTopicFeed(NAME)
  const first = listen(feed)
  feed.joined(answer(1, 3), true)
  const second = listen(feed)
  expect(feed.needsStart()).toBe(true)
  feed.frame(frame(4, 5))
  feed.joined(answer(1, 3), true)
  expect(feed.hasHole()).toBe(true)
  feed.frame(frame(6, 6))
  feed.joined(answer(4, 6), false)
  expect(first.items).toEqual(range(1, 6))
  expect(second.items).toEqual(range(1, 6))
})

test('a second listener whose answer is newer than what the first has seen leaves the first nothing to miss', () => {
  const feed = createTopicFeed(NAME)
  const first = listen(feed)
  feed.joined(answer(1, 3), true)
  const second = listen(feed)
  feed.joined(answer(1, 5), true)
  expect(feed.hasHole()).toBe(true)
  feed.joined(answer(4, 5), false)
  expect(first.items).toEqual(range(1, 5))
  expect(second.items).toEqual(range(1, 5))
})

test('another epoch is a gap for everybody, told once, and the old positions are forgotten', () => {
  const feed = createTopicFeed(NAME)
  const log = listen(feed)
  feed.joined(answer(1, 3, { class: 'live' }), true)
  expect(feed.frame(frame(1, 1, 'new'))).toBe(true)
  feed.joined(
    answer(1, 0, { class: 'live', recovered: false, position: { epoch: 'new', offset: 1 }, items: [] }),
    false,
  )
  feed.frame(frame(2, 2, 'new'))
  expect(log.gaps).toBe(1)
  expect(log.items).toEqual([1, 2, 3, 2])
})

test('what was skipped under overload counts as seen', () => {
  const feed = createTopicFeed(NAME)
  const log = listen(feed)
  feed.joined(answer(1, 3), true)
  feed.frame({ ...frame(8, 8), skipped: [4, 7] })
  expect(log.skipped).toEqual([[4, 7]])
  expect(log.items).toEqual([1, 2, 3, 8])
  expect(feed.hasHole()).toBe(false)
})

test('of a skipped range that overlaps what was seen only the rest is told, and frames behind it are not a hole', () => {
  const feed = createTopicFeed(NAME)
  const log = listen(feed)
  feed.joined(answer(1, 5), true)
  feed.frame({ ...frame(9, 10), skipped: [4, 8] })
  feed.frame({ ...frame(20, 20), skipped: [12, 19] })
  expect(feed.hasHole()).toBe(true)
  feed.frame(frame(11, 11))
  expect(feed.hasHole()).toBe(false)
  expect(log.skipped).toEqual([
    [6, 8],
    [12, 19],
  ])
  expect(log.items).toEqual([1, 2, 3, 4, 5, 9, 10, 11, 20])
})

test('after a reconnect nothing is asked for that was skipped', () => {
  const feed = createTopicFeed(NAME)
  const log = listen(feed)
  feed.joined(answer(1, 3), true)
  feed.frame({ ...frame(8, 8), skipped: [4, 7] })
  expect(feed.position).toEqual({ epoch: 'e', offset: 8 })
  feed.joined(answer(9, 10), false)
  expect(log.items).toEqual([1, 2, 3, 8, 9, 10])
})

test('a value of a latest topic that is pushed before the answer is shown, and leaves no hole behind', () => {
  const feed = createTopicFeed(NAME)
  const log = listen(feed)
  const value = (version: number): ItemsFrame => ({ ...frame(version, version), items: [`v${version}`] })
  feed.frame(value(2))
  feed.joined(answer(1, 1, { class: 'latest', items: ['v1'] }), true)
  expect(feed.hasHole()).toBe(false)
  expect(feed.frame(value(2))).toBe(false)
  feed.frame(value(3))
  expect(log.items).toEqual(['v1', 'v2', 'v3'])
})

test('whoever is removed hears nothing more, whoever is put out hears why', () => {
  const feed = createTopicFeed(NAME)
  const [gone, here] = [listen(feed), listen(feed)]
  feed.joined(answer(1, 1), true)
  feed.remove(gone.listener)
  feed.frame(frame(2, 2))
  feed.closed('forbidden')
  expect([gone.items, gone.closed]).toEqual([[1], []])
  expect([here.items, here.closed]).toEqual([[1, 2], ['forbidden']])
  expect(feed.size).toBe(0)
})
