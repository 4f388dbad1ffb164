import { sql } from 'drizzle-orm'
import type { Database, Tx } from '../../infra/db.ts'
import { enqueue } from '../../infra/jobs.ts'
import { isWanted } from './claims.repo.ts'
import { encodeNext } from './transcoding.queue.ts'
import { queuePublish } from './transcoding.service.ts'

/** Of one look; the next one comes within minutes. */
const SWEPT_MAX = 1000
/** A run that is worked on says how far it is more often than that. */
const QUIET = '10 minutes'

/**
 * Has done what waits without a job for it: jobs for pieces end without one while a video is deleted, which its owner may take
 * back, and after so many failures that nobody tries them again.
 */
export const sweepRuns = (db: Database): Promise<void> =>
  db.withTx(async (tx) => {
    for (let missing = await countJobless(tx); missing > 0; missing--) await enqueue(tx, encodeNext, {})
    for (const runId of await quietRuns(tx)) await queuePublish(tx, runId)
  })

/** How many more pieces wait than there are jobs that would make them. */
async function countJobless(tx: Tx): Promise<number> {
  const [row] = await tx.execute<{ missing: number }>(sql`
    select (select count(*) from video_chunks c
        join video_runs r on r.id = c.run_id join videos v on v.id = r.video_id
        where c.state = 'waiting' and ${isWanted} and v.deleted_at is null)::int
      - (select count(*) from graphile_worker.jobs
        where task_identifier = ${encodeNext.name} and attempts < max_attempts)::int as missing`)
  return Math.min(row?.missing ?? 0, SWEPT_MAX)
}

/** Runs of which everything is made, but nobody wrote the playlists. */
async function quietRuns(tx: Tx): Promise<string[]> {
  const rows = await tx.execute<{ id: string }>(sql`
    select r.id from video_runs r join videos v on v.id = r.video_id
    where ${isWanted} and v.deleted_at is null and r.plan is not null and r.percent < 100
      and r.updated_at < now() - ${QUIET}::interval
      and not exists (select from video_chunks c where c.run_id = r.id and c.state = 'waiting')
    order by r.id limit ${SWEPT_MAX}`)
  return rows.map(({ id }) => id)
}
