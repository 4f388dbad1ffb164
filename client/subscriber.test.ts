import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { CallInput, CallOutput } from '../src/contract/index.ts'
import { createSubscriber } from './subscriber.ts'

type Request = CallInput<'topic:join'>['topics'][number]
type Answer = CallOutput<'topic:join'>['topics'][number]

/** Longer than every wait of the subscriber. */
const LONG_MS = 10_000

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

const standingAt = (topic: string, offset: number): Answer => ({
  topic,
  class: 'live',
  position: { epoch: 'e', offset },
  recovered: true,
  items: [],
})
const refusal = (topic: string, code: string, retry: boolean): Answer => ({
  topic,
  error: { code, message: 'No.', retry },
})
const frame = (topic: string, offset: number) => ({ topic, epoch: 'e', offset, items: [offset] })

/** A subscriber on a server that answers with `reply`, and everything it asked. */
function setUp(reply: (request: Request) => Answer | Promise<Answer>) {
  const asked: Request[][] = []
  const left: string[] = []
  const line = { isOnline: true }
  const subscriber = createSubscriber({
    join: async (topics) => {
      asked.push(topics)
      return Promise.all(topics.map(reply))
    },
    leave: (topics) => void left.push(...topics),
    isOnline: () => line.isOnline,
  })
  const follow = (topic: string) => {
    const log = { items: [] as unknown[], closed: [] as string[] }
    const stop = subscriber.add(topic, {
      onItems: (items) => void log.items.push(...items),
      onClosed: (code) => void log.closed.push(code),
    })
    return Object.assign(log, { stop })
  }
  return { subscriber, asked, left, line, follow, settle: () => vi.advanceTimersByTimeAsync(0) }
}

test('topics that are asked for in one turn share one join, and listeners of one topic share it too', async () => {
  const { asked, follow, settle } = setUp(({ topic }) => standingAt(topic, 0))
  for (const topic of ['live:a', 'live:b', 'live:a']) follow(topic)
  await settle()
  expect(asked).toEqual([[{ topic: 'live:a' }, { topic: 'live:b' }]])
})

test('more topics than one call may name go in several', async () => {
  const { asked, follow, settle } = setUp(({ topic }) => standingAt(topic, 0))
  for (let i = 0; i < 130; i++) follow(`live:${i}`)
  await settle()
  expect(asked.map((topics) => topics.length)).toEqual([100, 30])
})

test('after a reconnect every topic is joined again from where it was', async () => {
  const { subscriber, asked, line, follow, settle } = setUp(({ topic }) => standingAt(topic, 4))
  follow('live:a')
  await settle()
  subscriber.frame(frame('live:a', 5))
  line.isOnline = false
  subscriber.pause()
  follow('live:b')
  await settle()
  expect(asked).toHaveLength(1)
  line.isOnline = true
  subscriber.resume()
  await settle()
  expect(asked[1]).toEqual([{ topic: 'live:b' }, { topic: 'live:a', since: { epoch: 'e', offset: 5 } }])
})

test('a hole that closes by itself asks nothing, one that stays is asked for once', async () => {
  let head = 0
  const { subscriber, asked, follow, settle } = setUp(({ topic, since }) => ({
    ...standingAt(topic, head),
    ...{ items: since ? Array.from({ length: head - since.offset }, (_, i) => since.offset + 1 + i) : [] },
  }))
  const log = follow('live:a')
  await settle()
  subscriber.frame(frame('live:a', 2))
  subscriber.frame(frame('live:a', 1))
  await vi.advanceTimersByTimeAsync(LONG_MS)
  expect(asked).toHaveLength(1)
  subscriber.frame(frame('live:a', 4))
  head = 4
  await vi.advanceTimersByTimeAsync(LONG_MS)
  expect(asked.slice(1)).toEqual([[{ topic: 'live:a', since: { epoch: 'e', offset: 2 } }]])
  expect(log.items).toEqual([1, 2, 3, 4])
})

test('a refusal that may pass is tried again, one that will not ends the subscription', async () => {
  let isAway = true
  const { asked, follow } = setUp(({ topic }) => {
    if (topic === 'live:secret') return refusal(topic, 'not_found', false)
    return isAway ? refusal(topic, 'unavailable', true) : standingAt(topic, 0)
  })
  const [secret, open] = [follow('live:secret'), follow('live:open')]
  await vi.advanceTimersByTimeAsync(LONG_MS)
  isAway = false
  await vi.advanceTimersByTimeAsync(LONG_MS)
  const asksOf = (name: string) => asked.flat().filter(({ topic }) => topic === name).length
  expect(secret.closed).toEqual(['not_found'])
  expect(asksOf('live:secret')).toBe(1)
  expect(open.closed).toEqual([])
  const asks = asksOf('live:open')
  expect(asks).toBeGreaterThan(1)
  await vi.advanceTimersByTimeAsync(LONG_MS)
  expect(asksOf('live:open')).toBe(asks)
})

test('a topic is left with its last listener, also when the answer comes after that', async () => {
  const answers: (() => void)[] = []
  const { left, follow, settle } = setUp(
    ({ topic }) => new Promise((resolve) => answers.push(() => resolve(standingAt(topic, 0)))),
  )
  const [one, two] = [follow('live:a'), follow('live:a')]
  await settle()
  one.stop()
  two.stop()
  expect(left).toEqual([])
  for (const answer of answers) answer()
  await settle()
  expect(left).toEqual(['live:a'])
})

test('nothing is asked any more after a pause, whatever was being waited for', async () => {
  const { subscriber, asked, line, follow, settle } = setUp(({ topic }) => standingAt(topic, 0))
  follow('live:a')
  await settle()
  subscriber.frame(frame('live:a', 3))
  line.isOnline = false
  subscriber.pause()
  await vi.advanceTimersByTimeAsync(LONG_MS)
  expect(asked).toHaveLength(1)
  expect(vi.getTimerCount()).toBe(0)
})
