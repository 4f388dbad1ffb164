import { describe, expect, test } from 'vitest'
import { createPresence, type StoppablePresence } from '../../realtime/presence/own.ts'
import { createSharedPresence } from '../../realtime/presence/shared.ts'
import type { RedisLink } from '../../src/infra/redis/client.ts'
import { startRedis } from '../support/redis.ts'
import { openLink, REDIS_KINDS } from '../support/redis-kinds.ts'
import { until } from '../support/until.ts'

/** Short, so that a test can wait for the end of a dead node's lease. */
const LEASE_MS = 1500

type Nodes = AsyncDisposable & { nodes: StoppablePresence[]; told: [string, number][] }

async function share(
  redis: AsyncDisposable & { url: string },
  count: number,
): Promise<Nodes & { links: RedisLink[] }> {
  const told: [string, number][] = []
  const links = await Promise.all(Array.from({ length: count }, () => openLink(redis)))
  const onCount = (subject: string, viewers: number) => void told.push([subject, viewers])
  const nodes = links.map((link) => createSharedPresence({ link, onCount, settleMs: 5, leaseMs: LEASE_MS }))
  return {
    ...{ nodes, told, links },
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
      const told: [string, number][] = []
      const node = createPresence({
        onCount: (subject, viewers) => void told.push([subject, viewers]),
        settleMs: 5,
      })
      return { nodes: [node, node], told, [Symbol.asyncDispose]: async () => node.stop() }
    },
  },
  ...REDIS_KINDS.map(({ kind, start }) => ({ kind, start: async () => share(await start(), 2) })),
]

const counts = async (node: StoppablePresence | undefined, subject: string, viewers: number) =>
  until(`${viewers} viewers of ${subject}`, async () => {
    await node?.refresh([subject])
    return node?.count(subject) === viewers
  })

describe.each(kinds)('presence over $kind', ({ start }) => {
  test('somebody with several sockets, on several nodes, is one viewer until the last of them is gone', async () => {
    await using presence = await start()
    const [one, other] = presence.nodes
    one?.enter('stream:a', 'alice', 's1')
    one?.enter('stream:a', 'alice', 's2')
    other?.enter('stream:a', 'alice', 's3')
    other?.enter('stream:a', 'bob', 's4')
    other?.enter('stream:b', 'bob', 's4')
    await counts(one, 'stream:a', 2)
    await counts(other, 'stream:a', 2)
    await counts(one, 'stream:b', 1)
    one?.leave('stream:a', 's1')
    one?.leave('stream:a', 's2')
    other?.leave('stream:a', 's4')
    await counts(one, 'stream:a', 1)
    other?.leave('stream:a', 's3')
    await counts(one, 'stream:a', 0)
    await counts(other, 'stream:b', 1)
    await until('the count to be told', () =>
      presence.told.some(([subject, viewers]) => subject === 'stream:b' && viewers === 1),
    )
  })

  test('leaving twice, or without having come, changes nothing', async () => {
    await using presence = await start()
    const [one] = presence.nodes
    one?.enter('stream:a', 'alice', 's1')
    one?.leave('stream:a', 's2')
    await counts(one, 'stream:a', 1)
    one?.leave('stream:a', 's1')
    one?.leave('stream:a', 's1')
    await counts(one, 'stream:a', 0)
  })

  test('a crowd that comes and half of which goes at once is counted exactly', async () => {
    await using presence = await start()
    for (let i = 0; i < 1200; i++) presence.nodes[i % 2]?.enter('stream:a', `v${i % 1000}`, `s${i}`)
    for (let i = 0; i < 1200; i++) if (i % 1000 < 500) presence.nodes[i % 2]?.leave('stream:a', `s${i}`)
    await counts(presence.nodes[0], 'stream:a', 500)
  })
})

test('viewers of a node that died stop counting when its lease is over; those of others stay', async () => {
  const redis = await startRedis()
  await using presence = await share(redis, 2)
  const [one, other] = presence.nodes
  for (let i = 0; i < 1300; i++) one?.enter('stream:a', `v${i}`, `s${i}`)
  other?.enter('stream:a', 'v7', 'x')
  other?.enter('stream:a', 'w', 'y')
  await counts(other, 'stream:a', 1301)
  // As kill -9 does: nothing is said any more.
  one?.stop()
  await presence.links[0]?.[Symbol.asyncDispose]()
  await counts(other, 'stream:a', 2)
  expect((await redis.client().keys('*viewers:*')).length).toBe(1)
})

test('a Redis that comes back with an old snapshot, or empty, is told who is here now', async () => {
  const redis = await startRedis()
  await using presence = await share(redis, 2)
  const [one, other] = presence.nodes
  one?.enter('stream:a', 'early', 's1')
  await counts(one, 'stream:a', 1)
  await redis.snapshot()
  one?.leave('stream:a', 's1')
  one?.enter('stream:a', 'late', 's2')
  other?.enter('stream:a', 'other', 's3')
  await counts(one, 'stream:a', 2)
  await redis.kill()
  one?.enter('stream:a', 'meanwhile', 's4')
  await redis.restore()
  await redis.start()
  await counts(one, 'stream:a', 3)
  await counts(other, 'stream:a', 3)
})
