import { randomUUID } from 'node:crypto'
import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../src/core/time.ts'
import { computeRetention } from '../../src/features/views/views.analytics.ts'
import { recountAll } from '../../src/features/views/views.jobs.ts'
import { createTestDatabase } from '../support/postgres.ts'
import { CRAWLER, countingNode, sessionAt, viewing, watcher } from '../support/watching.ts'

const DURATION_MS = 100_000
/** Noon of yesterday (UTC), so that nothing here crosses a day by itself. */
const NOON_MS = Math.floor(Date.now() / DAY_MS) * DAY_MS - DAY_MS / 2
const clock = { now: NOON_MS, nowMs: () => clock.now }
const videos = new Map<string, { ownerId: string; durationMs: number }>()
const ownerId = randomUUID()
const fan = randomUUID()

let own: Awaited<ReturnType<typeof createTestDatabase>>
let a: ReturnType<typeof countingNode>
let b: ReturnType<typeof countingNode>
let videoId: string

beforeAll(async () => {
  own = await createTestDatabase()
  a = countingNode(own.appUrl, clock, videos)
  b = countingNode(own.appUrl, clock, videos)
  await a.db.orm.execute(sql`insert into users (id, handle, display_name)
    values (${ownerId}, 'owner', 'Owner'), (${fan}, 'fan', 'Fan')`)
})
afterAll(async () => {
  await a[Symbol.asyncDispose]()
  await b[Symbol.asyncDispose]()
  await own[Symbol.asyncDispose]()
})
beforeEach(async () => {
  clock.now = NOON_MS
  videoId = await plant()
})

async function plant(durationMs = DURATION_MS): Promise<string> {
  const id = randomUUID()
  await a.db.orm.execute(sql`
    insert into videos (id, owner_id, title, visibility, state, published_at, duration_ms, width, height)
    values (${id}, ${ownerId}, 'Counted', 'public', 'ready', now(), ${durationMs}, 1920, 1080)`)
  videos.set(id, { ownerId, durationMs })
  return id
}

type Numbers = { views: number; watchMs: number }

async function numbers(id = videoId): Promise<Numbers> {
  const [row] = await a.db.orm.execute<Numbers>(
    sql`select views_count::int as views, watch_ms::int as "watchMs" from videos where id = ${id}`,
  )
  return row ?? expect.fail('There is no such video.')
}

const days = (id = videoId) =>
  a.db.orm.execute<Numbers & { day: string; viewers: number }>(sql`
    select day::text as day, views::int as views, watch_ms::int as "watchMs", viewers::int as viewers
    from video_days where video_id = ${id} order by day`)

const dayOf = (atMs: number) => new Date(atMs).toISOString().slice(0, 10)

/** Plays the video from one place to another at its own pace, with a report each ten seconds. */
async function play(
  who = watcher(),
  { from = 0, to = 40_000, id = videoId, node = a, sessionId = sessionAt(clock.now) } = {},
): Promise<string> {
  const say = (sections: [number, number][], positionMs: number) =>
    node.views.report(who, viewing(id, { sessionId, sections, positionMs }))
  await say([], from)
  for (let at = from; at < to; at += 10_000) {
    const next = Math.min(at + 10_000, to)
    clock.now += next - at
    await say([[at, next]], next)
  }
  return sessionId
}

describe('what is watched', () => {
  test('is a view after thirty seconds and counts each moment once, however often it is reported', async () => {
    const who = watcher()
    const sessionId = await play(who, { to: 20_000 })
    expect(await numbers()).toEqual({ views: 0, watchMs: 20_000 })
    const report = viewing(videoId, { sessionId, sections: [[20_000, 35_000]], positionMs: 35_000 })
    clock.now += 15_000
    for (let i = 0; i < 3; i++) await a.views.report(who, report)
    await Promise.all(Array.from({ length: 10 }, (_, i) => (i % 2 ? a : b).views.report(who, report)))
    expect(await numbers()).toEqual({ views: 1, watchMs: 35_000 })
    expect(await days()).toEqual([{ day: dayOf(NOON_MS), views: 1, watchMs: 35_000, viewers: 1 }])
  })

  test('of a short video is a view at its half', async () => {
    const short = await plant(9000)
    await play(watcher(), { id: short, to: 4000 })
    expect(await numbers(short)).toEqual({ views: 0, watchMs: 4000 })
    await play(watcher({ address: '192.0.2.2' }), { id: short, to: 4500 })
    expect(await numbers(short)).toEqual({ views: 1, watchMs: 8500 })
  })

  test('is told to those who follow the counters, each number once', async () => {
    a.told.length = 0
    await play()
    expect(a.told).toEqual([
      { topic: `counters:video:${videoId}`, value: { views: 1, likes: 0 }, asOfMs: expect.any(Number) },
    ])
  })

  test('beyond the end, backwards, or faster than time goes by is nothing', async () => {
    const who = watcher()
    const sessionId = sessionAt(clock.now)
    const say = (sections: [number, number][]) =>
      a.views.report(who, viewing(videoId, { sessionId, sections, positionMs: 999_999_999 }))
    await say([[0, 60_000]])
    await say([
      [DURATION_MS, DURATION_MS + 50_000],
      [9000, 4000],
      [4000, 4000],
    ])
    expect(await numbers()).toEqual({ views: 0, watchMs: 0 })
    clock.now += 20_000
    // At twice the speed, and some behind the end.
    await say([[0, 40_000]])
    await say([[DURATION_MS - 5000, DURATION_MS + 90_000]])
    expect(await numbers()).toEqual({ views: 1, watchMs: 45_000 })
    const [row] = await a.db.orm.execute(sql`
      select sections::text as sections, position_ms from video_views where video_id = ${videoId}`)
    expect(row).toEqual({ sections: '{[0,40000),[95000,100000)}', position_ms: DURATION_MS })
  })

  test('cut into absurdly many pieces does not make a row grow without end', async () => {
    const who = watcher()
    const sessionId = sessionAt(clock.now)
    clock.now += MINUTE_MS
    await a.views.report(who, viewing(videoId, { sessionId }))
    for (let i = 0; i < 20; i++) {
      clock.now += MINUTE_MS
      const sections = Array.from({ length: 60 }, (_, n): [number, number] => {
        const at = ((i * 60 + n) * 200) % DURATION_MS
        return [at, at + 150]
      })
      await a.views.report(who, viewing(videoId, { sessionId, sections }))
    }
    const [row] = await a.db.orm.execute<{ pieces: number }>(sql`
      select (select count(*)::int from unnest(sections)) as pieces from video_views where video_id = ${videoId}`)
    expect(row?.pieces).toBeGreaterThan(400)
    expect(row?.pieces).toBeLessThanOrEqual(500)
  })
})

describe('who watches', () => {
  test('is one view in six hours, also with another session, and another one after that', async () => {
    const who = watcher({ accountId: fan })
    await play(who)
    clock.now += 5 * HOUR_MS
    await play(who, { node: b })
    expect(await numbers()).toEqual({ views: 1, watchMs: 80_000 })
    clock.now += 2 * HOUR_MS
    await play(who)
    expect(await numbers()).toEqual({ views: 2, watchMs: 120_000 })
    expect(await days()).toEqual([{ day: dayOf(NOON_MS), views: 2, watchMs: 120_000, viewers: 1 }])
  })

  test('in many sessions at once, at two nodes, is one view', async () => {
    const sessions = Array.from({ length: 40 }, () => sessionAt(clock.now))
    const who = watcher({ accountId: fan })
    const all = (sections: [number, number][]) =>
      Promise.all(
        sessions.map((sessionId, i) =>
          (i % 2 ? a : b).views.report(who, viewing(videoId, { sessionId, sections })),
        ),
      )
    await all([])
    clock.now += 31_000
    await all([[0, 31_000]])
    expect(await numbers()).toEqual({ views: 1, watchMs: 40 * 31_000 })
    const [row] = await a.db.orm.execute<{ views: number }>(sql`
      select count(counted_at)::int as views from video_views where video_id = ${videoId}`)
    expect(row).toEqual({ views: 1 })
  })

  test('a visitor with a fresh cookie is no other viewer, one with another browser or network is', async () => {
    for (const changes of [
      {},
      {},
      { userAgent: `${watcher().userAgent} Edg/140` },
      { address: '198.51.100.7' },
    ])
      await play(watcher(changes))
    expect((await numbers()).views).toBe(3)
  })

  test('programs and the owner count for nothing', async () => {
    await play(watcher({ userAgent: CRAWLER }))
    await play(watcher({ userAgent: '' }))
    const token = watcher({ accountId: fan })
    await play({ ...token, viewer: { ...token.viewer, token: { scopes: ['read'] } } })
    await play(watcher({ accountId: ownerId }))
    expect(await numbers()).toEqual({ views: 0, watchMs: 0 })
    const rows = await a.db.orm.execute(sql`select account_id from video_views where video_id = ${videoId}`)
    expect([...rows]).toEqual([{ account_id: ownerId }])
  })

  test('a session is its viewer’s: what others say of it, and of one that is not of now, is not taken', async () => {
    const mine = watcher({ accountId: fan })
    const sessionId = await play(mine, { to: 20_000 })
    clock.now += 20_000
    const report = viewing(videoId, { sessionId, sections: [[20_000, 40_000]] })
    await a.views.report(watcher(), report)
    expect(await numbers()).toEqual({ views: 0, watchMs: 20_000 })
    // Counted together, whichever comes first.
    await Promise.all([a.keep(watcher(), report), a.keep(mine, report)])
    await a.views.countAll()
    expect(await numbers()).toEqual({ views: 1, watchMs: 40_000 })
    for (const atMs of [clock.now - 25 * HOUR_MS, clock.now + 2 * HOUR_MS])
      expect(await a.views.report(mine, viewing(videoId, { sessionId: sessionAt(atMs) }))).toEqual({
        isAccepted: false,
      })
  })

  test('in a history that is kept stands with the last place, in one that is paused not at all', async () => {
    const who = watcher({ accountId: fan })
    await a.views.history.clear(fan)
    await play(who)
    expect(await a.views.history.positions(fan, [videoId])).toEqual([
      { videoId, durationMs: DURATION_MS, positionMs: 40_000, isFinished: false },
    ])
    await play(who, { from: 60_000, to: 95_000 })
    expect(await a.views.history.positions(fan, [videoId])).toMatchObject([
      { positionMs: null, isFinished: true },
    ])
    await a.db.orm.execute(sql`insert into preferences (user_id, keeps_history) values (${fan}, false)`)
    const other = await plant()
    await play(who, { id: other })
    expect(await a.views.history.positions(fan, [other])).toEqual([])
    expect(await numbers(other)).toEqual({ views: 1, watchMs: 40_000 })
    const rows = await a.db.orm.execute(sql`select account_id from video_views where video_id = ${other}`)
    expect([...rows]).toEqual([{ account_id: null }])
    await a.db.orm.execute(sql`delete from preferences`)
  })
})

test('a report of a video that was deleted for good leaves nothing behind in its numbers', async () => {
  await a.db.orm.execute(sql`delete from videos where id = ${videoId}`)
  await play(watcher({ accountId: fan }))
  expect(await days()).toEqual([])
  expect(await a.views.history.positions(fan, [videoId])).toEqual([])
})

test('the retention curve has the share of sessions for each hundredth', async () => {
  await play(watcher({ address: '203.0.113.1' }), { to: 50_000 })
  await play(watcher({ address: '203.0.113.2' }), { to: 10_000 })
  await play(watcher({ address: '203.0.113.3' }), { from: 90_000, to: 100_000 })
  // It came and watched nothing.
  await a.views.report(
    watcher({ address: '203.0.113.4' }),
    viewing(videoId, { sessionId: sessionAt(clock.now) }),
  )
  await computeRetention(a.db, videoId)
  const owner = watcher({ accountId: ownerId }).viewer
  const { retention, views, watchMs } = await a.views.analytics(owner, videoId)
  expect({ views, watchMs }).toEqual({ views: 1, watchMs: 70_000 })
  expect(retention?.sessions).toBe(3)
  const expected = Array.from({ length: 100 }, (_, i) => ((i < 50 ? 1 : 0) + (i < 10 || i >= 90 ? 1 : 0)) / 3)
  expect(retention?.shares).toEqual(expected)
  await expect(a.views.analytics(watcher({ accountId: fan }).viewer, videoId)).rejects.toMatchObject({
    code: 'not_found',
  })
})

test('numbers that are wrong are found by a recount and mended, and right ones are left alone', async () => {
  await play()
  await play(watcher({ accountId: fan }))
  const right = { numbers: await numbers(), days: await days() }
  const from = dayOf(NOON_MS - 3 * DAY_MS)
  await recountAll(a, from)
  expect(await recountAll(a, from)).toBe(0)
  expect({ numbers: await numbers(), days: await days() }).toEqual(right)
  await a.db.orm.execute(sql`update videos set views_count = 77, watch_ms = 5 where id = ${videoId}`)
  await a.db.orm.execute(sql`update video_days set viewers = 9, views = 1 where video_id = ${videoId}`)
  await a.db.orm.execute(
    sql`insert into video_days (video_id, day, views) values (${videoId}, ${dayOf(NOON_MS - DAY_MS)}, 4)`,
  )
  expect(await recountAll(a, from)).toBe(1)
  expect({ numbers: await numbers(), days: await days() }).toEqual(right)
})

test('a recount while people watch loses none of them and counts none twice', async () => {
  const from = dayOf(NOON_MS - 3 * DAY_MS)
  const crowd = Array.from({ length: 60 }, (_, i) => watcher({ address: `198.51.100.${i}` }))
  const sessions = crowd.map(() => sessionAt(clock.now))
  let isOver = false
  const recounting = (async () => {
    while (!isOver) await recountAll(b, from)
  })()
  for (let step = 0; step < 12; step++) {
    await Promise.all(
      crowd.map((who, i) =>
        (i % 2 ? a : b).views.report(
          who,
          viewing(videoId, {
            sessionId: sessions[i] ?? '',
            sections: step ? [[(step - 1) * 5000, step * 5000]] : [],
          }),
        ),
      ),
    )
    clock.now += 5000
  }
  isOver = true
  await recounting
  expect(await numbers()).toEqual({ views: 60, watchMs: 60 * 55_000 })
  expect(await recountAll(a, from)).toBe(0)
})
