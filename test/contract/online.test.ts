import { describe, expect, test } from 'vitest'
import { createOnline, ONLINE_KEEP_MS, type OnlineBook } from '../../realtime/presence/online.ts'
import { createSharedOnline } from '../../realtime/presence/shared-online.ts'
import { startRedis } from '../support/redis.ts'
import { openLink, REDIS_KINDS } from '../support/redis-kinds.ts'
import { until } from '../support/until.ts'

type Nodes = AsyncDisposable & { nodes: [OnlineBook, OnlineBook] }

async function share(redis: AsyncDisposable & { url: string }): Promise<Nodes> {
  const links = [await openLink(redis), await openLink(redis)] as const
  const nodes: Nodes['nodes'] = [createSharedOnline(links[0]), createSharedOnline(links[1])]
  return {
    nodes,
    async [Symbol.asyncDispose]() {
      for (const node of nodes) node.stop()
      for (const each of [...links, redis]) await each[Symbol.asyncDispose]()
    },
  }
}

const kinds: { kind: string; start: () => Promise<Nodes> }[] = [
  {
    kind: 'one process',
    async start() {
      const node = createOnline({ nowMs: Date.now })
      return { nodes: [node, node], [Symbol.asyncDispose]: async () => node.stop() }
    },
  },
  ...REDIS_KINDS.map(({ kind, start }) => ({ kind, start: async () => share(await start()) })),
]

describe.each(kinds)('who is online over $kind', ({ start }) => {
  test('is known everywhere once it is confirmed, and for a while after the last socket is gone', async () => {
    await using online = await start()
    const [one, other] = online.nodes
    for (const id of ['alice', 'alice', 'bob']) one.enter(id)
    other.enter('carol')
    await Promise.all([one.confirmed('alice'), one.confirmed('bob'), other.confirmed('carol')])
    expect(await other.among(['alice', 'bob', 'dave'])).toEqual(new Set(['alice', 'bob']))
    expect([...(await one.all())].sort()).toEqual(['alice', 'bob', 'carol'])
    one.leave('alice')
    one.leave('alice')
    one.leave('dave')
    expect(await other.among(['alice', 'dave'])).toEqual(new Set(['alice']))
  })

  test('thousands are told and asked for in parts', async () => {
    await using online = await start()
    const [one, other] = online.nodes
    const ids = Array.from({ length: 2500 }, (_, i) => `account-${i}`)
    for (const id of ids) one.enter(id)
    await Promise.all(ids.map((id) => one.confirmed(id)))
    expect((await other.among(ids)).size).toBe(2500)
    expect(await other.all()).toHaveLength(2500)
  })
})

test('whoever left longer ago than topics are kept is not online', async () => {
  let now = 0
  const online = createOnline({ nowMs: () => now })
  online.enter('alice')
  online.leave('alice')
  now = ONLINE_KEEP_MS - 1
  expect(await online.all()).toEqual(['alice'])
  now = ONLINE_KEEP_MS
  expect(await online.all()).toEqual([])
  expect(await online.among(['alice'])).toEqual(new Set())
  online.stop()
})

test('a question that meets an outage is answered when Redis is back, which is told anew who is here', async () => {
  await using redis = await startRedis()
  await using online = await share({ ...redis, [Symbol.asyncDispose]: async () => {} })
  const [one, other] = online.nodes
  one.enter('alice')
  await one.confirmed('alice')
  await redis.kill()
  const asked = other.among(['alice', 'bob'])
  one.enter('bob')
  await expect(one.confirmed('bob')).rejects.toThrow()
  await redis.start()
  await asked
  await until('everybody to be told of anew', async () => (await other.all()).length === 2)
  expect(await other.among(['alice', 'bob'])).toEqual(new Set(['alice', 'bob']))
})
