import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createLikesRepo } from '../../src/features/social/likes.repo.ts'
import { openDatabase } from '../../src/infra/db.ts'
import { createLog } from '../../src/infra/log/log.ts'
import { startApp, type TestApp } from '../support/app.ts'
import { clientId, type Person, personWith } from '../support/person.ts'
import { openSql, plantFollowers } from '../support/sql.ts'
import { until } from '../support/until.ts'

let app: TestApp
let sql: ReturnType<typeof openSql>

beforeAll(async () => {
  app = await startApp()
  sql = openSql(app)
})
afterAll(async () => {
  await sql.end()
  expect(app.output()).not.toContain('A call failed')
  await app[Symbol.asyncDispose]()
})

/** One address may register ten accounts in ten minutes: tests share people. */
const people = new Map<string, Promise<Person>>()
function person(handle: string): Promise<Person> {
  const found = people.get(handle) ?? app.person(handle)
  people.set(handle, found)
  return found
}

const add = (who: Pick<Person, 'connection'>, accountId: string) =>
  who.connection.call('follow:add', { accountId })
const remove = (who: Pick<Person, 'connection'>, accountId: string) =>
  who.connection.call('follow:remove', { accountId })

const profileOf = async (who: Pick<Person, 'api'>, handle: string) =>
  (await who.api.request('get /api/accounts/{handle}', { params: { handle } })).profile

const onAir = (who: Person) =>
  who.connection.call('broadcast:start', {
    ...{ clientId: clientId(), title: 'Liked', category: 'talk', visibility: 'public' },
  })

/** Counters that differ from a recount. */
const wrongCounters = () => sql`
  select u.handle, u.followers_count, u.following_count from users u where
    u.followers_count <> (select count(*) from follows f where f.followee_id = u.id) or
    u.following_count <> (select count(*) from follows f where f.follower_id = u.id)
  union all select b.title, b.likes_count, 0 from broadcasts b where
    b.likes_count <> (select count(*) from broadcast_likes l where l.broadcast_id = b.id)`

describe('following', () => {
  test('counts on both sides, is shown to whoever looks at the account, and repeating it changes nothing', async () => {
    const [ada, ben, guest] = [await person('ada'), await person('ben'), await app.visitor()]
    const counters = guest.follow(`counters:account:${ada.account.id}`)
    await until('the first value', () => counters.items.at(-1)?.followers === 0)
    expect(await add(ben, ada.account.id)).toEqual({ isFollowing: true, isRequested: false, followers: 1 })
    expect(await add(ben, ada.account.id)).toEqual({ isFollowing: true, isRequested: false, followers: 1 })
    await until('the follower to be counted', () => counters.items.at(-1)?.followers === 1)
    const { id, streamId } = ada.account
    const open = { isPrivate: false, isRequested: false, isMuted: false, isBlocked: false }
    const seen = { id, handle: 'ada', displayName: 'ada', streamId, followers: 1, following: 0 }
    const empty = { avatar: null, cover: null, bio: '', location: '', links: [], isVerified: false }
    expect(await profileOf(ben, 'ada')).toEqual({ ...seen, ...empty, ...open, isFollowing: true })
    expect(await profileOf(guest, 'ada')).toEqual({ ...seen, ...empty, ...open, isFollowing: false })
    expect(await profileOf(ada, 'ben')).toMatchObject({ followers: 0, following: 1, isFollowing: false })
    expect(await remove(ben, ada.account.id)).toEqual({
      isFollowing: false,
      isRequested: false,
      followers: 0,
    })
    expect(await remove(ben, ada.account.id)).toEqual({
      isFollowing: false,
      isRequested: false,
      followers: 0,
    })
    await until('nobody to be counted', () => counters.items.at(-1)?.followers === 0)
  })

  test('two devices that change their mind at once, and two people who follow each other, end up exact', async () => {
    const [cyd, dan] = [await person('cyd'), await person('dan')]
    const device = personWith(app.url, cyd.bearer)
    try {
      const both = await Promise.all([add(cyd, dan.account.id), add(device, dan.account.id)])
      expect(both).toEqual([
        { isFollowing: true, isRequested: false, followers: 1 },
        { isFollowing: true, isRequested: false, followers: 1 },
      ])
      await Promise.all(
        Array.from({ length: 12 }, (_, i) => [
          add(i % 2 ? cyd : device, dan.account.id),
          remove(i % 2 ? device : cyd, dan.account.id),
          i % 2 ? add(dan, cyd.account.id) : remove(dan, cyd.account.id),
        ]).flat(),
      )
      expect([...(await wrongCounters())]).toEqual([])
      const { isFollowing, followers } = await profileOf(cyd, 'dan')
      expect(followers).toBe(isFollowing ? 1 : 0)
    } finally {
      device.connection.close()
    }
  })

  test('oneself, nobody, or without an account is refused', async () => {
    const [eve, guest] = [await person('eve'), await app.visitor()]
    await expect(add(eve, eve.account.id)).rejects.toMatchObject({ code: 'conflict' })
    await expect(add(eve, randomUUID())).rejects.toMatchObject({ code: 'not_found' })
    await expect(remove(eve, randomUUID())).rejects.toMatchObject({ code: 'not_found' })
    await expect(add(guest, eve.account.id)).rejects.toMatchObject({ code: 'unauthenticated' })
    await expect(profileOf(eve, 'nobody_here')).rejects.toMatchObject({ code: 'not_found' })
    const missing = guest.follow(`counters:account:${randomUUID()}`)
    await until('the topic to be refused', () => missing.closed.length > 0)
    expect(missing.closed).toEqual(['not_found'])
  })

  test('a list is read page by page, each once, whoever comes meanwhile', async () => {
    const [fay, gus] = [await person('fay'), await person('gus')]
    const planted = await plantFollowers(sql, fay.account.id, 120)
    await add(gus, planted[5] ?? '')
    const seen: string[] = []
    const followed: string[] = []
    let pages = 0
    for (let cursor: string | null | undefined; cursor !== null; pages++) {
      const query = cursor === undefined ? {} : { cursor }
      const page = await gus.api.request('get /api/accounts/{handle}/followers', {
        ...{ params: { handle: 'fay' }, query },
      })
      seen.push(...page.people.map(({ id }) => id))
      followed.push(...page.people.filter(({ isFollowing }) => isFollowing).map(({ id }) => id))
      cursor = page.nextCursor
      await plantFollowers(sql, fay.account.id, 3, 0)
    }
    expect(pages).toBe(3)
    expect(seen).toEqual([...planted].reverse())
    expect(followed).toEqual([planted[5]])
    const { people } = await gus.api.request('get /api/accounts/{handle}/following', {
      ...{ params: { handle: 'gus' }, query: {} },
    })
    expect(people.map(({ id }) => id)).toEqual([planted[5]])
    const garbage = gus.api.request('get /api/accounts/{handle}/followers', {
      ...{ params: { handle: 'fay' }, query: { cursor: 'garbage' } },
    })
    await expect(garbage).rejects.toMatchObject({ code: 'invalid_input' })
  })
})

describe('likes of a broadcast', () => {
  test('are counted once a person, pushed to who watches, and known to who liked', async () => {
    const [hal, ida, jon] = [await person('hal'), await person('ben'), await person('cyd')]
    const { id: broadcastId } = await onAir(hal)
    const { streamId } = hal.account
    const counters = ida.follow(`counters:stream:${streamId}`)
    await until('the first value', () => counters.items.at(-1)?.likes === 0)
    const answers = await Promise.all(
      [ida, ida, jon, ida, jon].map((who) => who.connection.call('like:add', { broadcastId })),
    )
    for (const { isLiked } of answers) expect(isLiked).toBe(true)
    await until('two likes', () => counters.items.at(-1)?.likes === 2)
    const read = async (who: Pick<Person, 'api'>) =>
      (await who.api.request('get /api/streams/{handle}', { params: { handle: 'hal' } })).stream
    expect(await read(ida)).toMatchObject({ isLiked: true, broadcast: { likes: 2 } })
    expect(await read(hal)).toMatchObject({ isLiked: false, broadcast: { likes: 2 } })
    expect(await jon.connection.call('like:remove', { broadcastId })).toEqual({ isLiked: false, likes: 1 })
    expect(await jon.connection.call('like:remove', { broadcastId })).toEqual({ isLiked: false, likes: 1 })
    await until('one like', () => counters.items.at(-1)?.likes === 1)
    // The next broadcast of the stream begins with none.
    await hal.connection.call('broadcast:end', { broadcastId })
    await onAir(hal)
    await until('no likes', () => counters.items.at(-1)?.likes === 0)
    expect((await read(ida)).isLiked).toBe(false)
    const missing = ida.connection.call('like:add', { broadcastId: randomUUID() })
    await expect(missing).rejects.toMatchObject({ code: 'not_found' })
  })

  test('stay exact when two nodes write at once', async () => {
    const kim = await person('eve')
    const { id: broadcastId } = await onAir(kim)
    const fans = await plantFollowers(sql, kim.account.id, 60)
    const log = createLog({ LOG_LEVEL: 'error' })
    const open = () => openDatabase({ url: app.database.appUrl, pool: 4, log })
    await using one = open()
    await using two = open()
    const nodes = [createLikesRepo(one), createLikesRepo(two)]
    const wishes = (round: number, node: number) =>
      fans.flatMap((userId, i) => ((i + node) % 3 ? [{ userId, isLiked: (i + round) % 4 > 0 }] : []))
    await Promise.all(
      Array.from({ length: 20 }, (_, round) =>
        nodes.map((repo, node) => repo.write(broadcastId, wishes(round, node))),
      ).flat(),
    )
    expect([...(await wrongCounters())]).toEqual([])
    // A person who was deleted meanwhile, or never was, does not spoil the others' likes.
    const all = [...fans, randomUUID()].map((userId) => ({ userId, isLiked: true }))
    expect((await nodes[0]?.write(broadcastId, all))?.likes).toBe(fans.length)
    expect([...(await wrongCounters())]).toEqual([])
  })
})

test('counters that were made wrong are found and mended by the recount, under traffic too', async () => {
  const [lea, max] = [await person('fay'), await person('dan')]
  const { id: broadcastId } = await onAir(lea)
  await add(max, lea.account.id)
  await max.connection.call('like:add', { broadcastId })
  await sql`update users set followers_count = followers_count + 7, following_count = 9 where handle = 'fay'`
  await sql`update broadcasts set likes_count = 0 where id = ${broadcastId}`
  expect((await wrongCounters()).length).toBe(2)
  await sql`select graphile_worker.add_job('social.recount')`
  for (let i = 0; i < 10; i++) {
    await remove(max, lea.account.id)
    await add(max, lea.account.id)
  }
  await until('counters that are right', async () => (await wrongCounters()).length === 0)
  expect(await profileOf(max, 'fay')).toMatchObject({ following: 0, isFollowing: true })
})
