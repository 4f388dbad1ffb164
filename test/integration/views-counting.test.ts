import { randomUUID } from 'node:crypto'
import { sql } from 'drizzle-orm'
import { describe, expect, test } from 'vitest'
import { HOUR_MS, MINUTE_MS } from '../../src/core/time.ts'
import { COUNT, KEEP, type KeptReport } from '../../src/features/views/views.statement.ts'
import { countedVideos, DURATION_MS, dayOf, NOON_MS } from '../support/counting.ts'
import { CRAWLER, sessionAt, viewing, watcher } from '../support/watching.ts'

const world = countedVideos()
const { clock, ownerId, fan, plant, numbers, days, play } = world

describe('what is watched', () => {
  test('is a view after thirty seconds and counts each moment once, however often it is reported', async () => {
    const who = watcher()
    const sessionId = await play(who, { to: 20_000 })
    expect(await numbers()).toEqual({ views: 0, watchMs: 20_000 })
    const report = viewing(world.videoId, { sessionId, sections: [[20_000, 35_000]], positionMs: 35_000 })
    clock.now += 15_000
    for (let i = 0; i < 3; i++) await world.a.views.report(who, report)
    await Promise.all(
      Array.from({ length: 10 }, (_, i) => (i % 2 ? world.a : world.b).views.report(who, report)),
    )
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

  test('by a thousand strangers is counted without comparing each with each', async () => {
    const short = await plant(8000)
    const [now, count] = [clock.now, 1000]
    const reports = Array.from({ length: count }, (): KeptReport => {
      const [session, viewer] = [sessionAt(now), randomUUID()]
      return [now, short, session, viewer, null, true, '{[0,4000)}', 4000, 8000, 'tv', 'home', 'FR']
    })
    await world.a.db.statement(KEEP, [JSON.stringify(reports), count])
    const [told] = await world.a.db.statement<object>(`explain (analyze, format json) ${COUNT}`, [count])
    const compared = [...JSON.stringify(told).matchAll(/"Rows Removed by Join Filter\\?": ?(\d+)/g)]
    expect(JSON.stringify(told)).toContain('Actual Rows')
    expect(compared.reduce((sum, [, rows]) => sum + Number(rows), 0)).toBeLessThan(count)
    expect(await numbers(short)).toEqual({ views: count, watchMs: count * 4000 })
  })

  test('is told to those who follow the counters, each number once', async () => {
    world.a.told.length = 0
    await play()
    expect(world.a.told).toEqual([
      { topic: `counters:video:${world.videoId}`, value: { views: 1, likes: 0 }, asOfMs: expect.any(Number) },
    ])
  })

  test('beyond the end, backwards, or faster than time goes by is nothing', async () => {
    const who = watcher()
    const sessionId = sessionAt(clock.now)
    const say = (sections: [number, number][]) =>
      world.a.views.report(who, viewing(world.videoId, { sessionId, sections, positionMs: 999_999_999 }))
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
    const [row] = await world.a.db.orm.execute(sql`
      select sections::text as sections, position_ms from video_views where video_id = ${world.videoId}`)
    expect(row).toEqual({ sections: '{[0,40000),[95000,100000)}', position_ms: DURATION_MS })
  })

  test('cut into absurdly many pieces does not make a row grow without end', async () => {
    const who = watcher()
    const sessionId = sessionAt(clock.now)
    clock.now += MINUTE_MS
    await world.a.views.report(who, viewing(world.videoId, { sessionId }))
    for (let i = 0; i < 20; i++) {
      clock.now += MINUTE_MS
      const sections = Array.from({ length: 60 }, (_, n): [number, number] => {
        const at = ((i * 60 + n) * 200) % DURATION_MS
        return [at, at + 150]
      })
      await world.a.views.report(who, viewing(world.videoId, { sessionId, sections }))
    }
    const [row] = await world.a.db.orm.execute<{ pieces: number }>(sql`
      select (select count(*)::int from unnest(sections)) as pieces from video_views where video_id = ${world.videoId}`)
    expect(row?.pieces).toBeGreaterThan(400)
    expect(row?.pieces).toBeLessThanOrEqual(500)
  })
})

describe('who watches', () => {
  test('is one view in six hours, also with another session, and another one after that', async () => {
    const who = watcher({ accountId: fan })
    await play(who)
    clock.now += 5 * HOUR_MS
    await play(who, { node: world.b })
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
          (i % 2 ? world.a : world.b).views.report(who, viewing(world.videoId, { sessionId, sections })),
        ),
      )
    await all([])
    clock.now += 31_000
    await all([[0, 31_000]])
    expect(await numbers()).toEqual({ views: 1, watchMs: 40 * 31_000 })
    const [row] = await world.a.db.orm.execute<{ views: number }>(sql`
      select count(counted_at)::int as views from video_views where video_id = ${world.videoId}`)
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
    const rows = await world.a.db.orm.execute(
      sql`select account_id from video_views where video_id = ${world.videoId}`,
    )
    expect([...rows]).toEqual([{ account_id: ownerId }])
  })

  test('a session is its viewer’s: what others say of it, and of one that is not of now, is not taken', async () => {
    const mine = watcher({ accountId: fan })
    const sessionId = await play(mine, { to: 20_000 })
    clock.now += 20_000
    const report = viewing(world.videoId, { sessionId, sections: [[20_000, 40_000]] })
    await world.a.views.report(watcher(), report)
    expect(await numbers()).toEqual({ views: 0, watchMs: 20_000 })
    // Counted together, whichever comes first.
    await Promise.all([world.a.keep(watcher(), report), world.a.keep(mine, report)])
    await world.a.views.countAll()
    expect(await numbers()).toEqual({ views: 1, watchMs: 40_000 })
    for (const atMs of [clock.now - 25 * HOUR_MS, clock.now + 2 * HOUR_MS])
      expect(
        await world.a.views.report(mine, viewing(world.videoId, { sessionId: sessionAt(atMs) })),
      ).toEqual({
        isAccepted: false,
      })
  })

  test('in a history that is kept stands with the last place, in one that is paused not at all', async () => {
    const who = watcher({ accountId: fan })
    await world.a.views.history.clear(fan)
    await play(who)
    expect(await world.a.views.history.positions(fan, [world.videoId])).toEqual([
      { videoId: world.videoId, durationMs: DURATION_MS, positionMs: 40_000, isFinished: false },
    ])
    await play(who, { from: 60_000, to: 95_000 })
    expect(await world.a.views.history.positions(fan, [world.videoId])).toMatchObject([
      { positionMs: null, isFinished: true },
    ])
    await world.a.db.orm.execute(sql`insert into preferences (user_id, keeps_history) values (${fan}, false)`)
    const other = await plant()
    await play(who, { id: other })
    expect(await world.a.views.history.positions(fan, [other])).toEqual([])
    expect(await numbers(other)).toEqual({ views: 1, watchMs: 40_000 })
    const rows = await world.a.db.orm.execute(
      sql`select account_id from video_views where video_id = ${other}`,
    )
    expect([...rows]).toEqual([{ account_id: null }])
    await world.a.db.orm.execute(sql`delete from preferences`)
  })
})
