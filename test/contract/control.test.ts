import { describe, expect, test, vi } from 'vitest'
import { type Control, createControl } from '../../realtime/control/control.ts'
import type { ControlEvent } from '../../realtime/control/sender.ts'
import { createLog } from '../../src/infra/log/log.ts'
import type { RedisLink } from '../../src/infra/redis/client.ts'
import { startRedis } from '../support/redis.ts'
import { openLink, REDIS_KINDS } from '../support/redis-kinds.ts'
import { until } from '../support/until.ts'

const TOKEN_LIFE_MS = 60_000
const HOUR_MS = 3_600_000
const log = createLog({ LOG_LEVEL: 'silent' })

type Node = AsyncDisposable & {
  control: Control
  link: RedisLink
  heard: ControlEvent[]
  /** How often it was told that more was missed than is kept. */
  lost(): number
  /** Moves this node's clock. */
  pass(ms: number): void
}

async function startNode(redis: { url: string }): Promise<Node> {
  const link = await openLink(redis)
  const heard: ControlEvent[] = []
  let [lost, passedMs] = [0, 0]
  const control = await createControl({
    ...{ link, log, tokenLifeMs: TOKEN_LIFE_MS },
    nowMs: () => Date.now() + passedMs,
    onEvent: (event) => void heard.push(event),
    onLost: () => void lost++,
  })
  return {
    ...{ control, link, heard, lost: () => lost },
    pass(ms) {
      passedMs += ms
    },
    async [Symbol.asyncDispose]() {
      control.stop()
      await link[Symbol.asyncDispose]()
    },
  }
}

const ended = (loginSessionId: string): ControlEvent => ({ type: 'login-ended', loginSessionId })
const closed: ControlEvent = { type: 'topic-closed', topic: 'stream:a', code: 'ended', viewers: ['v'] }
const order = (node: Node) =>
  node.heard.map((event) => (event.type === 'login-ended' ? event.loginSessionId : ''))
const names = (count: number) => Array.from({ length: count }, (_, i) => `login ${i}`)

describe.each(REDIS_KINDS)('the control sequence over $kind', ({ start }) => {
  test('all others hear what a node tells, in order, and nobody themselves', async () => {
    await using redis = await start()
    await using one = await startNode(redis)
    await using other = await startNode(redis)
    // More than one read brings.
    const told = names(1200)
    for (const name of told) one.control.send(ended(name))
    one.control.send(closed)
    await until('all', () => other.heard.length === 1201)
    expect(order(other).slice(0, 1200)).toEqual(told)
    expect(other.heard.at(-1)).toEqual(closed)
    expect(one.heard).toEqual([])
    expect(one.control.isCurrent() && other.control.isCurrent()).toBe(true)
  })

  test('a node that starts hears what ended as long as tokens live', async () => {
    await using redis = await start()
    await using one = await startNode(redis)
    one.control.send(ended('before'))
    await using witness = await startNode(redis)
    await until('it to be told', () => witness.heard.length === 1)
    await using late = await startNode(redis)
    expect(late.heard).toEqual([ended('before')])
    expect(late.control.isCurrent()).toBe(true)
  })

  test('while Redis is away nobody is current, and on its return everybody hears what waited', async () => {
    await using redis = await start()
    await using one = await startNode(redis)
    await using other = await startNode(redis)
    const server = 'nodes' in redis ? redis.nodes : [redis]
    for (const each of server) each.pause()
    await until('the loss', () => !one.control.isCurrent() && !other.control.isCurrent())
    for (const name of names(3)) one.control.send(ended(name))
    expect(other.heard).toEqual([])
    for (const each of server) each.resume()
    await until('what waited', () => new Set(order(other)).size === 3)
    await until('both to be current', () => one.control.isCurrent() && other.control.isCurrent())
    expect(new Set(order(other))).toEqual(new Set(names(3)))
  })
})

test('a Redis that comes back with an older snapshot is told again which logins ended, and all hear of it', async () => {
  await using redis = await startRedis()
  await using one = await startNode(redis)
  await using other = await startNode(redis)
  one.control.send(ended('kept'))
  await until('the first', () => other.heard.length === 1)
  await redis.snapshot()
  one.control.send(ended('forgotten'))
  await until('the second', () => other.heard.length === 2)
  await redis.kill()
  one.control.send(ended('meanwhile'))
  await redis.restore()
  await redis.start()
  await until('what was told meanwhile', () => order(other).includes('meanwhile'))
  await using late = await startNode(redis)
  expect(new Set(order(late))).toEqual(new Set(['kept', 'forgotten', 'meanwhile']))
})

test('a node that was without Redis for longer than anything is kept says so', async () => {
  await using redis = await startRedis()
  await using node = await startNode(redis)
  await redis.kill()
  await until('the loss', () => !node.control.isCurrent())
  await redis.start()
  await until('the return', () => node.control.isCurrent())
  expect(node.lost()).toBe(0)
  await redis.kill()
  await until('the next loss', () => !node.control.isCurrent())
  node.pass(HOUR_MS + 1)
  await redis.start()
  await until('the return', () => node.control.isCurrent())
  expect(node.lost()).toBe(1)
})

test('a node whose clock is an hour wrong hears all the same', async () => {
  await using redis = await startRedis()
  await using one = await startNode(redis)
  one.control.send(ended('before'))
  vi.useFakeTimers({ toFake: ['Date'] })
  for (const hours of [1, -1]) {
    vi.setSystemTime(Date.now() + hours * HOUR_MS)
    await using node = await startNode(redis)
    vi.useRealTimers()
    expect(order(node)).toContain('before')
    one.control.send(ended(`after ${hours}`))
    await until('what follows', () => order(node).includes(`after ${hours}`))
  }
})

test('after a Redis whose clock was ahead comes another one, and its events are heard', async () => {
  await using redis = await startRedis()
  await using one = await startNode(redis)
  await using other = await startNode(redis)
  const event = JSON.stringify(ended('ahead'))
  await redis.client().xadd('flow:{control}:events', `${Date.now() + HOUR_MS}-0`, 'node', 'x', 'event', event)
  one.control.send(ended('first'))
  await until('both', () => other.heard.length === 2)
  await redis.kill()
  await redis.start()
  await until('its return', () => one.control.isCurrent() && other.control.isCurrent())
  one.control.send(ended('second'))
  await until('the second', () => order(other).includes('second'))
})
