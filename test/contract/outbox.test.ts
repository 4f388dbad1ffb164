import { expect, test } from 'vitest'
import { createOutbox, HISTORY_ITEMS } from '../../realtime/topics/shared/outbox.ts'
import { defineTopicScripts, listKey, metaKey } from '../../realtime/topics/shared/scripts.ts'
import { createWire } from '../../realtime/topics/shared/wire.ts'
import { startRedis } from '../support/redis.ts'
import { openLink } from '../support/redis-kinds.ts'
import { until } from '../support/until.ts'

test('what is appended while Redis hangs waits in bounds; a topic that lost something begins a new epoch, others go on', async () => {
  await using redis = await startRedis()
  await using link = await openLink(redis)
  const wire = createWire(link, () => {})
  const appended: { topic: string; epoch: string; first: number; count: number }[] = []
  const outbox = createOutbox({
    wire,
    scripts: defineTopicScripts(link),
    waitingMaxItems: 30,
    onAppended: (topic, epoch, first, items) => appended.push({ topic, epoch, first, count: items.length }),
  })
  const topics = ['stream:quiet', 'stream:crowded', 'stream:late']
  for (const topic of topics) outbox.append(topic, ['before'])
  await until('the first items', () => appended.length === topics.length)
  const before = new Map(appended.splice(0).map(({ topic, epoch }) => [topic, epoch]))

  redis.pause()
  link.suspect()
  await until('the outage', () => !link.isUp())
  outbox.append('stream:quiet', ['one', 'two'])
  for (let i = 0; i < HISTORY_ITEMS; i++) outbox.append('stream:crowded', [`item ${i}`])
  for (const item of ['one', 'two', 'three']) outbox.append('stream:late', [item])
  redis.resume()
  await until('what waited', () => new Set(appended.map(({ topic }) => topic)).size === topics.length)

  const look = async (topic: string) => ({
    isSameEpoch: (await redis.client().hget(metaKey(topic), 'epoch')) === before.get(topic),
    items: (await redis.client().lrange(listKey(topic), 0, -1)).map((json) => JSON.parse(json) as string),
  })
  expect(await look('stream:quiet')).toEqual({ isSameEpoch: true, items: ['before', 'one', 'two'] })
  const crowded = await look('stream:crowded')
  expect(crowded.isSameEpoch).toBe(false)
  expect(crowded.items.at(-1)).toBe(`item ${HISTORY_ITEMS - 1}`)
  expect(crowded.items.length).toBeLessThan(HISTORY_ITEMS)
  // Room was there again once the crowded one had dropped what was too much.
  expect(await look('stream:late')).toEqual({ isSameEpoch: true, items: ['before', 'one', 'two', 'three'] })
  outbox.stop()
  wire.stop()
})
