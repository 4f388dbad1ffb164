import { io as connect } from 'socket.io-client'
import { afterEach, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { createTopicFeed } from '../../client/topic-feed.ts'
import { createTopicHub } from '../../realtime/topics/hub.ts'
import { createTopicNames, type ParsedTopic } from '../../realtime/topics/names.ts'
import { createPacing } from '../../realtime/topics/pace/pacing.ts'
import type { Logger } from '../../src/core/log.ts'
import { sleep } from '../../src/core/time.ts'
import type { ItemsFrame } from '../../src/core/topics.ts'
import { startEngine } from '../support/engines.ts'
import { until } from '../support/until.ts'

const CHAT = 'chat:1'
const VIEWERS = 5
/** The hub counts members without knowing their sockets: a room of ten thousand needs no ten thousand sockets. */
const MEMBERS = 10_000
const LINES = 600
const LINES_PER_S = 200

/** A line is its own seq; every hundredth is a moderator's. */
const isModerators = (line: unknown) => (line as number) % 100 === 0
const range = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, i) => from + i)
const silent: Logger = { debug() {}, info() {}, warn() {}, error() {}, child: () => silent }

const cleanUp: (() => void)[] = []
afterEach(() => {
  for (const end of cleanUp.splice(0)) end()
})

async function setUp(name: 'uws' | 'ws', behindShare: number) {
  const server = await startEngine(name)
  const names = createTopicNames({
    'chat:{id}': {
      ...{ summary: '', class: 'durable', item: z.unknown() },
      isSkippable: (line) => !isModerators(line),
    },
  })
  const skipped = { items: 0 }
  const pacing = createPacing({
    ...{ log: silent, nowMs: Date.now, behindShare: () => behindShare },
    onSkipped(_topic, items) {
      skipped.items += items
    },
  })
  let head = 0
  const hub = createTopicHub({
    ...{ names, pacing, wire: undefined, log: silent, nowMs: Date.now },
    emit: (frame) => server.engine?.publish(frame.topic, 'topic:items', frame),
    sources: {
      'chat:{id}': {
        heads: async () => new Map([[CHAT, { epoch: 'e', seq: head }]]),
        after: async (_param, offset, limit) => range(offset + 1, Math.min(head, offset + limit)),
        upTo: async (_param, offset, limit) => range(offset - limit + 1, offset),
      },
    },
  })
  cleanUp.push(pacing.stop, hub.stop)
  const topic = names(CHAT) as ParsedTopic
  for (let i = 0; i < MEMBERS; i++) await hub.join(topic, undefined)

  async function view() {
    const socket = connect(`http://127.0.0.1:${server.port}`, { transports: ['websocket'], forceNew: true })
    cleanUp.push(() => void socket.close())
    const seen = { items: [] as number[], skipped: [] as number[], hasHole: false }
    const feed = createTopicFeed(CHAT)
    feed.add({
      onItems: (items) => void seen.items.push(...(items as number[])),
      onSkipped: ([from, to]) => void seen.skipped.push(...range(from, to)),
    })
    socket.on('topic:items', (frame: ItemsFrame) => {
      seen.hasHole ||= feed.frame(frame)
    })
    await new Promise((resolve) => socket.once('connect', () => resolve(undefined)))
    await socket.emitWithAck('enter', CHAT)
    feed.joined(await hub.join(topic, undefined), true)
    return seen
  }
  async function talk(): Promise<void> {
    for (let line = 1; line <= LINES; line++) {
      head = line
      hub.publisher.committed(CHAT, line, [line])
      await sleep(1000 / LINES_PER_S)
    }
  }
  const views = []
  for (let i = 0; i < VIEWERS; i++) views.push(await view())
  return { server, hub, pacing, topic, views, talk, skipped }
}

const isThrough = ({ items, skipped }: { items: number[]; skipped: number[] }) =>
  items.length + skipped.length >= LINES

describe.each(['uws', 'ws'] as const)('a room of ten thousand on %s', (name) => {
  test('of an overloaded node is sampled: what is left out is named and can be had, moderators are heard', async () => {
    const { server, hub, pacing, topic, views, talk, skipped } = await setUp(name, 0.5)
    await using _server = server
    await until('the worst level', () => pacing.level() === 3)
    await talk()
    await until('the last line everywhere', () => views.every(isThrough))
    for (const { items, skipped: left, hasHole } of views) {
      expect(hasHole).toBe(false)
      expect([...items, ...left].sort((a, b) => a - b)).toEqual(range(1, LINES))
      expect(items).toEqual([...items].sort((a, b) => a - b))
      expect(items.filter(isModerators)).toEqual([100, 200, 300, 400, 500, 600])
      expect(left.length).toBeGreaterThan(LINES / 2)
      expect(skipped.items).toBe(left.length)
    }
    expect(pacing.rooms()).toEqual({ slowed: 0, sampled: 1 })
    const answer = await hub.join(topic, { epoch: 'e', offset: 0 })
    expect(answer).toMatchObject({ recovered: true, items: range(1, LINES) })
  })

  test('of a calm node gets every line, many of them in a frame', async () => {
    const { server, pacing, views, talk } = await setUp(name, 0)
    await using _server = server
    let frames = 0
    const { publish } = server.engine as { publish: (...args: never) => void }
    Object.assign(server.engine as object, {
      publish: (...args: never) => {
        frames++
        publish(...args)
      },
    })
    await talk()
    await until('the last line everywhere', () => views.every(isThrough))
    for (const { items } of views) expect(items).toEqual(range(1, LINES))
    // Frames go by the clock, lines as fast as this machine lets them: two in a frame at least, on the slowest.
    expect(frames).toBeLessThan(LINES / 2)
    expect(pacing.rooms().sampled).toBe(0)
  })
})
