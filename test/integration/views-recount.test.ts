import { sql } from 'drizzle-orm'
import { expect, test } from 'vitest'
import { DAY_MS } from '../../src/core/time.ts'
import { computeRetention } from '../../src/features/views/views.analytics.ts'
import { recountAll } from '../../src/features/views/views.jobs.ts'
import { countedVideos, dayOf, NOON_MS } from '../support/counting.ts'
import { sessionAt, viewing, watcher } from '../support/watching.ts'

const world = countedVideos()
const { clock, ownerId, fan, numbers, days, play } = world

test('a report of a video that was deleted for good leaves nothing behind in its numbers', async () => {
  await world.a.db.orm.execute(sql`delete from videos where id = ${world.videoId}`)
  await play(watcher({ accountId: fan }))
  expect(await days()).toEqual([])
  expect(await world.a.views.history.positions(fan, [world.videoId])).toEqual([])
})

test('the retention curve has the share of sessions for each hundredth', async () => {
  await play(watcher({ address: '203.0.113.1' }), { to: 50_000 })
  await play(watcher({ address: '203.0.113.2' }), { to: 10_000 })
  await play(watcher({ address: '203.0.113.3' }), { from: 90_000, to: 100_000 })
  // It came and watched nothing.
  await world.a.views.report(
    watcher({ address: '203.0.113.4' }),
    viewing(world.videoId, { sessionId: sessionAt(clock.now) }),
  )
  await computeRetention(world.a.db, world.videoId)
  const owner = watcher({ accountId: ownerId }).viewer
  const { retention, views, watchMs } = await world.a.views.analytics(owner, world.videoId)
  expect({ views, watchMs }).toEqual({ views: 1, watchMs: 70_000 })
  expect(retention?.sessions).toBe(3)
  const expected = Array.from({ length: 100 }, (_, i) => ((i < 50 ? 1 : 0) + (i < 10 || i >= 90 ? 1 : 0)) / 3)
  expect(retention?.shares).toEqual(expected)
  await expect(
    world.a.views.analytics(watcher({ accountId: fan }).viewer, world.videoId),
  ).rejects.toMatchObject({
    code: 'not_found',
  })
})

test('numbers that are wrong are found by a recount and mended, and right ones are left alone', async () => {
  await play()
  await play(watcher({ accountId: fan }))
  const right = { numbers: await numbers(), days: await days() }
  const from = dayOf(NOON_MS - 3 * DAY_MS)
  await recountAll(world.a, from)
  expect(await recountAll(world.a, from)).toBe(0)
  expect({ numbers: await numbers(), days: await days() }).toEqual(right)
  await world.a.db.orm.execute(
    sql`update videos set views_count = 77, watch_ms = 5 where id = ${world.videoId}`,
  )
  await world.a.db.orm.execute(
    sql`update video_days set viewers = 9, views = 1 where video_id = ${world.videoId}`,
  )
  await world.a.db.orm.execute(
    sql`insert into video_days (video_id, day, views) values (${world.videoId}, ${dayOf(NOON_MS - DAY_MS)}, 4)`,
  )
  expect(await recountAll(world.a, from)).toBe(1)
  expect({ numbers: await numbers(), days: await days() }).toEqual(right)
})

test('a recount while people watch loses none of them and counts none twice', async () => {
  const from = dayOf(NOON_MS - 3 * DAY_MS)
  const crowd = Array.from({ length: 60 }, (_, i) => watcher({ address: `198.51.100.${i}` }))
  const sessions = crowd.map(() => sessionAt(clock.now))
  let isOver = false
  const recounting = (async () => {
    while (!isOver) await recountAll(world.b, from)
  })()
  for (let step = 0; step < 12; step++) {
    await Promise.all(
      crowd.map((who, i) =>
        (i % 2 ? world.a : world.b).views.report(
          who,
          viewing(world.videoId, {
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
  expect(await recountAll(world.a, from)).toBe(0)
})
