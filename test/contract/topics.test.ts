import { describe, expect, test } from 'vitest'
import { listKey, metaKey } from '../../realtime/topics/shared/scripts.ts'
import type { ChatMessage } from '../../src/features/chat/chat.repo.ts'
import { judge, type Line, whole } from '../support/delivery.ts'
import { createHubClient, type HubNode, type HubNodes, parsed, startHubNodes } from '../support/hub-nodes.ts'
import { openLink, REDIS_KINDS } from '../support/redis-kinds.ts'
import { until } from '../support/until.ts'

const kinds: { kind: string; start: () => Promise<HubNodes> }[] = [
  {
    kind: 'one process',
    async start() {
      const all = await startHubNodes([undefined])
      // Whoever moves comes back to the same one.
      return { ...all, nodes: [...all.nodes, ...all.nodes] }
    },
  },
  ...REDIS_KINDS.map(({ kind, start }) => ({
    kind,
    async start() {
      const redis = await start()
      const all = await startHubNodes([await openLink(redis), await openLink(redis)])
      return {
        ...all,
        async [Symbol.asyncDispose]() {
          await all[Symbol.asyncDispose]()
          await redis[Symbol.asyncDispose]()
        },
      }
    },
  })),
]

const HOUR_MS = 3_600_000

const pair = ({ nodes }: HubNodes) => nodes as [HubNode, HubNode]
const chatLine = ({ seq, text }: ChatMessage): Line => ({ order: seq, text })
/** Live topics of the suite carry plain numbers. */
const numbered = (n: number): Line => ({ order: n, text: String(n) })
const numbers = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, i) => from + i)
const lines = (from: number, to: number) => numbers(from, to).map(numbered)

async function sayAll(all: HubNodes, from: number, to: number): Promise<Line[]> {
  const said: Line[] = []
  for (const n of numbers(from, to)) {
    const text = `line ${n}`
    said.push({ order: (await all.nodes[n % 2]?.say(text)) ?? 0, text })
  }
  return said
}

describe.each(kinds)('topics over $kind', ({ start }) => {
  test('durable: what is said at any node reaches the members of all, once and in order', async () => {
    await using all = await start()
    const records = pair(all).map((node) => createHubClient(node).follow(all.chatTopic, chatLine))
    const said = await sayAll(all, 1, 40)
    for (const { last } of records) await until('the last line', () => last() === 40)
    for (const { told } of records) expect(judge(told, said)).toEqual(whole(40))
  })

  test('durable: who moves between nodes with a position gets all that was missed, once and in order', async () => {
    await using all = await start()
    const [one, other] = pair(all)
    const client = createHubClient(one)
    const { told, last } = client.follow(all.chatTopic, chatLine)
    const said = await sayAll(all, 1, 5)
    await until('five lines', () => last() === 5)
    client.cut()
    said.push(...(await sayAll(all, 6, 25)))
    client.enter(other)
    said.push(...(await sayAll(all, 26, 30)))
    await until('thirty lines', () => last() === 30)
    // More than is kept in memory: the rest is read from the table.
    client.cut()
    said.push(...(await Promise.all(numbers(31, 640).map(async (n) => sayAt(one, `line ${n}`)))))
    client.enter(one)
    await until('all lines', () => last() === 640)
    client.enter(other)
    said.push(...(await sayAll(all, 641, 645)))
    await until('the last lines', () => last() === 645)
    expect(judge(told, said)).toEqual(whole(645))
  })

  test('durable: who comes from a node that was told more than this one misses nothing and gets nothing twice', async () => {
    await using all = await start()
    const [one, other] = pair(all)
    const topic = parsed(all.chatTopic)
    await other.hub.join(topic, undefined)
    const said = await sayAll(all, 1, 3)
    await until('both to know', async () => (await other.hub.join(topic, undefined)).position.offset === 3)
    const seq = await one.say('line 4')
    // Committed, and not yet on its way to the other node.
    const at = { epoch: 'of the test', offset: seq }
    expect(await other.hub.join(topic, at)).toMatchObject({ recovered: true, position: at, items: [] })
    expect(said).toHaveLength(3)
  })

  test('live: who comes from a node that was told more than this one misses nothing and gets nothing twice', async () => {
    await using all = await start()
    const [one, other] = pair(all)
    const topic = parsed(`stream:${all.streamId}`)
    await other.hub.join(topic, undefined)
    one.hub.publisher.append(topic.name, [1, 2])
    const known = async () => (await other.hub.join(topic, undefined)).position
    await until('two items', async () => (await known()).offset === 2)
    // The third is there, and its push is still on its way to this node.
    if (one.link) {
      await one.link.commands.rpush(listKey(topic.name), '3')
      await one.link.commands.hincrby(metaKey(topic.name), 'head', 1)
    } else one.hub.publisher.append(topic.name, [3])
    const at = { ...(await known()), offset: 3 }
    expect(await other.hub.join(topic, at)).toMatchObject({ recovered: true, position: at, items: [] })
  })

  test('durable: a position that can not be is answered with a gap and the true one', async () => {
    await using all = await start()
    await sayAll(all, 1, 3)
    for (const { hub } of pair(all))
      for (const since of [
        { epoch: 'another', offset: 1 },
        { epoch: 'of the test', offset: 9 },
      ])
        expect(await hub.join(parsed(all.chatTopic), since)).toMatchObject({
          ...{ recovered: false, items: [] },
          position: { epoch: 'of the test', offset: 3 },
        })
  })

  test('live: what one node appends reaches the members of all, and who moves misses nothing', async () => {
    await using all = await start()
    const [one, other] = pair(all)
    const topic = `stream:${all.streamId}`
    const [staying, moving] = [createHubClient(one), createHubClient(other)]
    const records = [staying, moving].map((client) => client.follow(topic, numbered))
    await until('both to be in', () => staying.answers.length + moving.answers.length >= 2)
    const append = (from: number, to: number) => {
      for (const n of numbers(from, to)) one.hub.publisher.append(topic, [n])
    }
    append(1, 50)
    for (const { last } of records) await until('fifty items', () => last() === 50)
    moving.cut()
    append(51, 90)
    moving.enter(one)
    append(91, 120)
    for (const { last } of records) await until('all items', () => last() === 120)
    moving.enter(other)
    append(121, 130)
    for (const { last } of records) await until('the last items', () => last() === 130)
    for (const { told } of records) expect(judge(told, lines(1, 130))).toEqual(whole(130))
  })

  test('live: who was away for longer than the history is told of the gap, and gets what follows', async () => {
    await using all = await start()
    const [one, other] = pair(all)
    const topic = `stream:${all.streamId}`
    const [keeper, client] = [createHubClient(one), createHubClient(one)]
    const kept = keeper.follow(topic, numbered)
    const { told, last } = client.follow(topic, numbered)
    await until('both to be in', () => keeper.answers.length > 0 && client.answers.length > 0)
    one.hub.publisher.append(topic, [1])
    await until('the first item', () => last() === 1 && kept.last() === 1)
    client.cut()
    for (const n of numbers(2, 1200)) one.hub.publisher.append(topic, [n])
    await until('all items at who stayed', () => kept.last() === 1200)
    client.enter(other)
    await until('the gap', () => told.includes('gap'))
    one.hub.publisher.append(topic, [1201])
    await until('what follows', () => last() === 1201)
    expect(judge(told, lines(1, 1201))).toEqual({ ...whole(1201), delivered: 2, toldMissing: 1199 })
    expect(judge(kept.told, lines(1, 1201))).toEqual(whole(1201))
  })

  test('latest: the newest value reaches the members of all nodes, and whoever comes later has it at once', async () => {
    await using all = await start()
    const [one, other] = pair(all)
    const topic = `counters:stream:${all.streamId}`
    const clients = [one, other].map(createHubClient)
    const records = clients.map((client) => client.follow(topic, numbered))
    await until('both to be in', () => clients.every(({ answers }) => answers.length > 0))
    const nowMs = Date.now()
    for (const n of numbers(1, 20)) (n % 2 ? one : other).hub.publisher.set(topic, n, nowMs + n)
    for (const { last } of records) await until('the newest value', () => last() === 20)
    for (const { told } of records) {
      const shown = told.map((each) => (each === 'gap' ? 0 : each.order))
      expect(shown).toEqual(shown.toSorted((a, b) => a - b))
    }
    for (const { hub } of [one, other])
      expect(await hub.join(parsed(topic), undefined)).toMatchObject({ recovered: true, items: [20] })
  })
})

describe.each(REDIS_KINDS)('between nodes over $kind', ({ start }) => {
  test('latest: what is older is dropped, but a value from a clock that was ahead stops nobody', async () => {
    const redis = await start()
    await using all = await startHubNodes([await openLink(redis), await openLink(redis)])
    const [one, other] = pair(all)
    const topic = `counters:stream:${all.streamId}`
    const client = createHubClient(one)
    const { last } = client.follow(topic, numbered)
    await until('it to be in', () => client.answers.length > 0)
    const nowMs = Date.now()
    other.hub.publisher.set(topic, 1, nowMs)
    await until('the first value', () => last() === 1)
    one.hub.publisher.set(topic, 2, nowMs - 5000)
    await until('the older one to be dropped', async () => isSettled(one, topic, 1))
    other.hub.publisher.set(topic, 3, nowMs + HOUR_MS)
    await until('the value of the clock that is ahead', () => last() === 3)
    one.hub.publisher.set(topic, 4, nowMs + 5000)
    await until('the value of the clock that is right', () => last() === 4)
    await redis[Symbol.asyncDispose]()
  })

  test('a node without members receives nothing, and nothing more once its last member left', async () => {
    const redis = await start()
    await using all = await startHubNodes([await openLink(redis), await openLink(redis)])
    const [one, other] = pair(all)
    const topic = `stream:${all.streamId}`
    const staying = createHubClient(one).follow(topic, numbered)
    const leaving = createHubClient(other)
    await sayAll({ ...all, nodes: [one, one] }, 1, 5)
    one.hub.publisher.append(topic, [1])
    await until('the first item', () => staying.last() === 1)
    expect(other.received()).toBe(0)
    const left = leaving.follow(topic, numbered)
    await until('it to be in', () => leaving.answers.length > 0)
    one.hub.publisher.append(topic, [2])
    await until('the second item', () => left.last() === 2)
    leaving.cut()
    await until('the topic to be left', () => other.hub.size().live === 0)
    const before = other.received()
    one.hub.publisher.append(topic, [3])
    await until('the third item', () => staying.last() === 3)
    // Answered after everything that Redis has sent to this node before.
    await other.link?.subscribe('flow:{test}:after', () => {})
    expect(other.received()).toBe(before)
    for (const { hub } of all.nodes) hub.stop()
    await redis[Symbol.asyncDispose]()
  })
})

const sayAt = async (node: HubNode, text: string): Promise<Line> => ({ order: await node.say(text), text })

/** Nothing waits to be set, and this value stands. */
async function isSettled(node: HubNode, topic: string, value: number): Promise<boolean> {
  await node.link?.ping()
  const { items } = await node.hub.join(parsed(topic), undefined)
  return items[0] === value
}
