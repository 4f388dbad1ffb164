import { randomUUID } from 'node:crypto'
import { sql } from 'drizzle-orm'
import { expect, test } from 'vitest'
import { DAY_MS, HOUR_MS, SECOND_MS } from '../../src/core/time.ts'
import { recountAll } from '../../src/features/views/views.jobs.ts'
import type { Watcher } from '../../src/features/views/views.service.ts'
import { createTestDatabase } from '../support/postgres.ts'
import {
  BROWSER,
  CRAWLER,
  countingNode,
  type Reported,
  sessionAt,
  viewing,
  watcher,
} from '../support/watching.ts'

/** Of six videos; half of the first is a view, thirty seconds of the last. */
const LENGTHS_S = [8, 40, 60, 120, 300, 600]
const VIDEOS = LENGTHS_S.length
const VIEWERS = 60
const SESSIONS = 500
const REPORT_MS = 10_000
/** Six hours before yesterday began (UTC), so that views and sessions cross midnight. */
const START_MS = Math.floor(Date.now() / DAY_MS) * DAY_MS - DAY_MS - 6 * HOUR_MS

/** The same numbers each time (mulberry32). */
function randomFrom(seed: number) {
  let state = seed
  return (below: number): number => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) % below
  }
}

type Video = { id: string; ownerId: string; durationMs: number }
type Event = { atMs: number; who: Watcher; report: Reported }
type Session = { viewer: string; video: Video; startMs: number; isCounted: boolean; events: Event[] }

/** What is true, second by second: an account of its own that shares nothing with the statement. */
function oracle(sessions: readonly Session[]) {
  const days = new Map<string, { views: number; watchMs: number; viewers: Set<string> }>()
  const dayOf = (videoId: string, atMs: number) => {
    const key = `${videoId} ${new Date(atMs).toISOString().slice(0, 10)}`
    const entry = days.get(key) ?? { views: 0, watchMs: 0, viewers: new Set<string>() }
    days.set(key, entry)
    return entry
  }
  // Who has watched enough asks to be a view with every report until they are one.
  const reached: { atMs: number; viewer: string; videoId: string; session: number }[] = []
  for (const [session, { viewer, video, startMs, isCounted, events }] of sessions.entries()) {
    if (!isCounted) continue
    const seconds = new Set<number>()
    for (const { atMs, report } of [...events].sort((x, y) => x.atMs - y.atMs)) {
      for (const [from, to] of report.sections)
        for (let at = from; at < Math.min(to, video.durationMs); at += SECOND_MS) seconds.add(at)
      if (seconds.size * SECOND_MS >= Math.min(30_000, video.durationMs / 2))
        reached.push({ atMs, viewer, videoId: video.id, session })
    }
    if (seconds.size > 0) dayOf(video.id, startMs).watchMs += seconds.size * SECOND_MS
  }
  const last = new Map<string, number>()
  const counted = new Set<number>()
  for (const { atMs, viewer, videoId, session } of reached.sort((x, y) => x.atMs - y.atMs)) {
    const key = `${videoId} ${viewer}`
    if (atMs - (last.get(key) ?? Number.NEGATIVE_INFINITY) < 6 * HOUR_MS) continue
    if (counted.has(session)) continue
    counted.add(session)
    last.set(key, atMs)
    const day = dayOf(videoId, atMs)
    day.views++
    day.viewers.add(viewer)
  }
  return days
}

test('a day of sessions with duplicates, seeks, crawlers and owners at two nodes counts what an independent recount counts', async () => {
  await using own = await createTestDatabase()
  const random = randomFrom(20_261_123)
  const clock = { now: START_MS, nowMs: () => clock.now }
  const videos = Array.from({ length: VIDEOS }, (_, i): Video => {
    return {
      id: randomUUID(),
      ownerId: randomUUID(),
      durationMs: (LENGTHS_S[i] ?? 60) * SECOND_MS,
    }
  })
  const known = new Map(videos.map((video) => [video.id, video]))
  await using a = countingNode(own.appUrl, clock, known)
  await using b = countingNode(own.appUrl, clock, known)
  const accounts = Array.from({ length: VIEWERS / 2 }, () => randomUUID())
  const users = JSON.stringify([...accounts, ...videos.map(({ ownerId }) => ownerId)])
  await a.db.orm.execute(sql`
    insert into users (id, handle, display_name) select id::uuid, 'v_' || right(id, 12), 'V'
    from jsonb_array_elements_text(${users}::text::jsonb) as t(id)`)
  for (const { id, ownerId, durationMs } of videos)
    await a.db.orm.execute(sql`
      insert into videos (id, owner_id, title, visibility, state, published_at, duration_ms, width, height)
      values (${id}, ${ownerId}, 'V', 'public', 'ready', now(), ${durationMs}, 1920, 1080)`)

  const people: { name: string; who: () => Watcher }[] = [
    ...accounts.map((accountId) => ({ name: accountId, who: () => watcher({ accountId }) })),
    // A visitor comes with another cookie each time.
    ...Array.from({ length: VIEWERS / 2 }, (_, i) => ({
      name: `visitor ${i}`,
      who: () => watcher({ address: `192.0.2.${i}`, userAgent: `${BROWSER} Nr/${i}` }),
    })),
  ]
  const sessions = Array.from({ length: SESSIONS }, (): Session => {
    const video = videos[random(VIDEOS)] ?? expect.fail()
    const startMs = START_MS + random(30) * HOUR_MS
    const kind = random(10)
    const person = people[random(people.length)] ?? expect.fail()
    const isOwner = kind === 0
    const isBot = kind === 1
    const who = isOwner
      ? watcher({ accountId: video.ownerId })
      : isBot
        ? watcher({ userAgent: CRAWLER })
        : person.who()
    const sessionId = sessionAt(startMs)
    const events: Event[] = []
    const say = (atMs: number, sections: [number, number][]) =>
      events.push({ atMs, who, report: viewing(video.id, { sessionId, sections }) })
    say(startMs, [])
    let at = random(video.durationMs / SECOND_MS) * SECOND_MS
    let now = startMs
    for (let n = random(25); n > 0; n--) {
      // Seeks back and forth; now and then twice as fast.
      if (random(4) === 0) at = random(video.durationMs / SECOND_MS) * SECOND_MS
      const rate = 1 + random(2)
      const to = at + REPORT_MS * rate
      now += REPORT_MS
      say(now, [[at, to]])
      // The answer was lost, and it comes once more.
      if (random(5) === 0) say(now + random(3) * REPORT_MS, [[at, to]])
      at = to >= video.durationMs ? 0 : to
    }
    return { viewer: person.name, video, startMs, isCounted: !isOwner && !isBot, events }
  })

  const events = sessions.flatMap(({ events }) => events).sort((x, y) => x.atMs - y.atMs)
  for (let i = 0; i < events.length; ) {
    clock.now = events[i]?.atMs ?? 0
    const sameMoment: Promise<unknown>[] = []
    for (; events[i]?.atMs === clock.now; i++) {
      const { who, report } = events[i] ?? expect.fail()
      sameMoment.push((random(2) ? a : b).views.report(who, report))
    }
    await Promise.all(sameMoment)
  }

  const expected = oracle(sessions)
  const rollUp = () =>
    a.db.orm.execute<{ key: string; views: number; watchMs: number; viewers: number }>(sql`
      select video_id || ' ' || day as key, views::int as views, watch_ms::int as "watchMs", viewers::int as viewers
      from video_days order by key`)
  const before = await rollUp()
  expect(Object.fromEntries(before.map(({ key, ...day }) => [key, day]))).toEqual(
    Object.fromEntries(
      [...expected].map(([key, { views, watchMs, viewers }]) => [
        key,
        { views, watchMs, viewers: viewers.size },
      ]),
    ),
  )
  // Not by chance: views were refused and granted again, and both days have some.
  const sums = [...expected.values()].reduce((sum, { views }) => sum + views, 0)
  expect(sums).toBeGreaterThan(100)
  expect(new Set([...expected.keys()].map((key) => key.split(' ')[1])).size).toBeGreaterThan(1)

  const counted = await a.db.orm.execute(sql`
    select count(*)::int as wrong from videos v where v.views_count <> (select coalesce(sum(views), 0) from video_days d where d.video_id = v.id)
      or v.watch_ms <> (select coalesce(sum(watch_ms), 0) from video_days d where d.video_id = v.id)`)
  expect([...counted]).toEqual([{ wrong: 0 }])
  const from = new Date(START_MS - DAY_MS).toISOString().slice(0, 10)
  expect(await recountAll(a, from)).toBe(0)
  // Built anew from nothing it is the same.
  await a.db.orm.execute(sql`delete from video_days`)
  expect(await recountAll(a, from)).toBeGreaterThan(0)
  expect([...(await rollUp())]).toEqual([...before])
})
