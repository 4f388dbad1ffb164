import { randomUUID } from 'node:crypto'
import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, beforeEach, expect } from 'vitest'
import { DAY_MS } from '../../src/core/time.ts'
import { createTestDatabase } from './postgres.ts'
import { countingNode, sessionAt, viewing, watcher } from './watching.ts'

export const DURATION_MS = 100_000
/** Noon of yesterday (UTC), so that nothing here crosses a day by itself. */
export const NOON_MS = Math.floor(Date.now() / DAY_MS) * DAY_MS - DAY_MS / 2

export type Numbers = { views: number; watchMs: number }

export const dayOf = (atMs: number) => new Date(atMs).toISOString().slice(0, 10)

/** Two nodes that count over one database, with a new video for each test. Called at the top of a test file. */
export function countedVideos() {
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

  return {
    ...{ clock, ownerId, fan, plant },
    get a() {
      return a
    },
    get b() {
      return b
    },
    get videoId() {
      return videoId
    },

    async numbers(id = videoId): Promise<Numbers> {
      const [row] = await a.db.orm.execute<Numbers>(
        sql`select views_count::int as views, watch_ms::int as "watchMs" from videos where id = ${id}`,
      )
      return row ?? expect.fail('There is no such video.')
    },

    days: (id = videoId) =>
      a.db.orm.execute<Numbers & { day: string; viewers: number }>(sql`
        select day::text as day, views::int as views, watch_ms::int as "watchMs", viewers::int as viewers
        from video_days where video_id = ${id} order by day`),

    /** Plays the video from one place to another at its own pace, with a report each ten seconds. */
    async play(
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
    },
  }
}
