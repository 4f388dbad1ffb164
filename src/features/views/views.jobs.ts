import { sql } from 'drizzle-orm'
import type { Logger } from '../../core/log.ts'
import { type Clock, DAY_MS } from '../../core/time.ts'
import type { Database } from '../../infra/db.ts'
import { handleJob, type JobHandler } from '../../infra/jobs.ts'
import { computeRetention, staleRetention } from './views.analytics.ts'
import { recount, videosWithDays } from './views.numbers.ts'
import {
  countViews,
  forgetViews,
  keepViewPartitions,
  readRetention,
  recountViews,
  renewRetention,
} from './views.queue.ts'

/** So many months of partitions are there ahead of time; were the job to fail, there is as long to notice. */
const MONTHS_AHEAD = 3
/** Two years to compare, and the month that goes on. What is older is in the numbers by day. */
const MONTHS_KEPT = 25
/** Nobody's view decides anything for longer than 6 hours and the rest of its day. */
const VIEWERS_KEPT = '2 days'
/** Each minute, for what a node kept and did not live to count; nodes count by themselves, within a second. */
const COUNT_CRON = '* * * * *'
/** Nightly, away from other jobs; curves each ten minutes, away from the full hour. */
const PARTITIONS_CRON = '47 3 * * *'
const RECOUNT_CRON = '17 4 * * *'
const RETENTION_CRON = '6,16,26,36,46,56 * * * *'
/** Sessions go on for a day; a week is there again where the job did not run for some nights. */
const RECOUNT_DAYS = 8
/** Videos of one look: names of them fit into any memory. */
const RECOUNT_VIDEOS = 200
/** Curves of one run: some 50 ms each, and what is left comes ten minutes later. */
const RETENTION_VIDEOS = 200
/** Rows of one transaction, which ends long before the statement's time is over. */
const FORGET_ROWS = 5000
const FIRST_ID = '00000000-0000-0000-0000-000000000000'

/** Makes the coming months' partitions of the sessions; does nothing where they are there. */
export async function ensureViewPartitions(db: Database): Promise<void> {
  await db.orm.execute(sql`select ensure_view_partitions(${MONTHS_AHEAD}::int)`)
}

type Deps = {
  db: Database
  clock: Clock
  log: Logger
  views: { countAll(): Promise<void> }
}

/** Counts all videos that were watched since `from` (a day in UTC) anew, and answers how many had wrong numbers. */
export async function recountAll({ db, log }: Pick<Deps, 'db' | 'log'>, from: string): Promise<number> {
  let mended = 0
  let after = FIRST_ID
  for (;;) {
    const videoIds = await videosWithDays(db, from, after, RECOUNT_VIDEOS)
    for (const videoId of videoIds) {
      const { days, isSumMended } = await db.withTx((tx) => recount(tx, videoId, from))
      if (days.length === 0 && !isSumMended) continue
      mended++
      log.warn({ videoId, days }, 'The views of a video were not what its sessions say, and were mended')
    }
    const last = videoIds.at(-1)
    if (last === undefined) return mended
    after = last
  }
}

async function forget(db: Database, videoId: string): Promise<void> {
  for (const table of [sql`video_views`, sql`video_viewers`]) {
    for (;;) {
      const rows = await db.orm.execute(sql`
        delete from ${table} where (ctid, tableoid) in (
          select ctid, tableoid from ${table} where video_id = ${videoId} limit ${FORGET_ROWS}) returning 1`)
      if (rows.length < FORGET_ROWS) break
    }
  }
}

export const viewJobs = ({ db, clock, log, views }: Deps): JobHandler[] => [
  handleJob(countViews, () => views.countAll(), COUNT_CRON),
  handleJob(
    keepViewPartitions,
    async () => {
      await ensureViewPartitions(db)
      await db.orm.execute(sql`select drop_view_partitions(${MONTHS_KEPT}::int)`)
      await db.orm.execute(
        sql`delete from video_viewers where counted_at < now() - ${VIEWERS_KEPT}::text::interval`,
      )
    },
    PARTITIONS_CRON,
  ),
  handleJob(
    recountViews,
    async () => {
      await recountAll(
        { db, log },
        new Date(clock.nowMs() - RECOUNT_DAYS * DAY_MS).toISOString().slice(0, 10),
      )
    },
    RECOUNT_CRON,
  ),
  handleJob(
    readRetention,
    async () => {
      for (const videoId of await staleRetention(db, RETENTION_VIDEOS)) await computeRetention(db, videoId)
    },
    RETENTION_CRON,
  ),
  handleJob(renewRetention, ({ videoId }) => computeRetention(db, videoId)),
  handleJob(forgetViews, ({ videoId }) => forget(db, videoId)),
]
