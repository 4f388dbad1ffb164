import { randomUUID } from 'node:crypto'
import { expect, test } from 'vitest'
import type { TopicItem } from '../../src/contract/index.ts'
import { startApp } from '../support/app.ts'
import { sendMedia } from '../support/peers/peers.ts'
import { clientId, type Person } from '../support/person.ts'
import { openSql } from '../support/sql.ts'
import { until } from '../support/until.ts'

type FeedItem = TopicItem<`feed:${string}`>

const details = { title: 'Later', category: 'art', visibility: 'public' } as const
const announce = (who: Person, more: object = {}) =>
  who.connection.call('broadcast:schedule', {
    ...{ clientId: clientId(), scheduledFor: Date.now() + 3_600_000, ...details, ...more },
  })
const feedOf = (who: Person, cursor?: string) =>
  who.api.request('get /api/feed', { query: cursor === undefined ? {} : { cursor } })
const shown = (items: readonly FeedItem[]) =>
  items.map(({ kind, actor, broadcast }) => [kind, actor.handle, broadcast.title, broadcast.state])

test('what followed people do is pushed to who is there and read by who comes later; unlisted and cancelled is not', async () => {
  await using app = await startApp()
  const [host, fan, late] = [await app.person('host'), await app.person('fan'), await app.person('late')]
  const stranger = await app.person('stranger')
  for (const who of [fan, late]) await who.connection.call('follow:add', { accountId: host.account.id })
  const pushed = fan.follow(`feed:${fan.account.id}`)
  const own = host.follow(`feed:${host.account.id}`)
  const theirs = stranger.follow(`feed:${stranger.account.id}`)
  // A join is answered in order, so that all three are in when this one is.
  const probe = stranger.follow(`counters:account:${host.account.id}`)
  await until('everybody to be there', () => probe.items.length > 0)
  await announce(host, { visibility: 'unlisted', title: 'Secret' })
  const first = await announce(host, { title: 'First' })
  const second = await announce(host, { title: 'Second' })
  await until('both announcements', () => pushed.items.length === 2)
  expect(shown(pushed.items)).toEqual([
    ['broadcast_scheduled', 'host', 'First', 'scheduled'],
    ['broadcast_scheduled', 'host', 'Second', 'scheduled'],
  ])
  const { items } = await feedOf(late)
  expect(items).toEqual([...pushed.items].reverse())

  await host.connection.call('broadcast:end', { broadcastId: second.id })
  const begin = { clientId: clientId(), ...details, title: 'First', scheduledBroadcastId: first.id }
  await host.connection.call('broadcast:start', begin)
  {
    await using _sender = await sendMedia(app, host)
    await until('that it is live', () => pushed.items.length === 3)
    expect(shown((await feedOf(late)).items)).toEqual([['broadcast_live', 'host', 'First', 'live']])
  }
  await host.connection.call('broadcast:end', { broadcastId: first.id })
  expect(shown((await feedOf(late)).items)).toEqual([['broadcast_live', 'host', 'First', 'ended']])
  await late.connection.call('follow:remove', { accountId: host.account.id })
  expect((await feedOf(late)).items).toEqual([])
  expect([...own.items, ...theirs.items]).toEqual([])
})

test('a page that lost its connection gets what it missed; pages are stable while new things happen', async () => {
  await using app = await startApp()
  await using sql = openSql(app)
  const [host, fan] = [await app.person('host'), await app.person('fan')]
  await fan.connection.call('follow:add', { accountId: host.account.id })
  const pushed = fan.follow(`feed:${fan.account.id}`)
  const probe = fan.follow(`counters:account:${host.account.id}`)
  await until('the page to be there', () => probe.items.length > 0)
  await announce(host, { title: 'One' })
  await until('the first', () => pushed.items.length === 1)
  // A new token is a new connection: what happens between the two is found by position.
  fan.connection.renew()
  await announce(host, { title: 'Two' })
  await until('the second', () => pushed.items.length === 2)
  expect(pushed.items.map(({ broadcast }) => broadcast.title)).toEqual(['One', 'Two'])
  expect(pushed.gaps).toBe(0)

  // Seventy broadcasts of before, several at the same millisecond.
  const ids = Array.from({ length: 70 }, () => randomUUID())
  await sql`insert into broadcasts (id, stream_id, title, category, visibility, state, started_at, ended_at, end_reason)
    select id, ${host.account.streamId}, 'Old', 'talk', 'public', 'ended', now(), now(), 'ended_by_owner'
    from unnest(${ids}::uuid[]) as i(id)`
  await sql`insert into activities (id, actor_id, kind, subject_id, created_at)
    select gen_random_uuid(), ${host.account.id}, 'broadcast_live', id,
      date_trunc('milliseconds', now()) - make_interval(secs => 100 + nth / 5)
    from unnest(${ids}::uuid[]) with ordinality as i(id, nth)`
  const seen: FeedItem[] = []
  let pages = 0
  for (let cursor: string | null | undefined; cursor !== null; pages++) {
    const page = await feedOf(fan, cursor)
    seen.push(...page.items)
    cursor = page.nextCursor
    await announce(host, { title: `During page ${pages}` })
  }
  expect(pages).toBe(3)
  expect(seen).toHaveLength(72)
  expect(new Set(seen.map(({ broadcast }) => broadcast.id)).size).toBe(72)
  const times = seen.map(({ createdAt }) => createdAt)
  expect(times).toEqual([...times].sort((a, b) => b - a))
  await expect(feedOf(fan, 'garbage')).rejects.toMatchObject({ code: 'invalid_input' })
})
