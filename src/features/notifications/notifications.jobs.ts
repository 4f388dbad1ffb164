import { sql } from 'drizzle-orm'
import { z } from 'zod'
import type { Clock } from '../../core/time.ts'
import type { Database } from '../../infra/db.ts'
import { defineJob, handleJob, type JobHandler } from '../../infra/jobs.ts'
import { fanOutLive } from './notifications.fan-out.ts'
import { liveFanOut } from './notifications.queue.ts'
import type { NotificationsRepo } from './notifications.repo.ts'

/** So many months of partitions are there ahead of time; were the job to fail, there is as long to notice. */
const MONTHS_AHEAD = 3
/** Once a day at a quiet hour, away from other jobs. */
const PARTITIONS_CRON = '43 3 * * *'
/** Hourly, away from the full hour; keys that are over do no harm, they only take room. */
const SWEEP_CRON = '27 * * * *'

const makePartitions = defineJob({
  name: 'notifications.partitions',
  payload: z.unknown(),
  maxAttempts: 25,
})
// It comes again by itself within the hour.
const sweepKeys = defineJob({ name: 'notifications.sweep', payload: z.unknown(), maxAttempts: 3 })

/** Makes the coming months' partitions; does nothing where they are there. */
export async function ensureNotificationPartitions(db: Database): Promise<void> {
  await db.orm.execute(sql`select ensure_notification_partitions(${MONTHS_AHEAD}::int)`)
}

type Deps = Parameters<typeof fanOutLive>[0] & { repo: NotificationsRepo; clock: Clock }

export const notificationJobs = ({ repo, clock, ...deps }: Deps): JobHandler[] => [
  handleJob(liveFanOut, (payload) => fanOutLive(deps, payload)),
  handleJob(makePartitions, () => ensureNotificationPartitions(deps.db), PARTITIONS_CRON),
  handleJob(sweepKeys, () => repo.forgetKeys(new Date(clock.nowMs())), SWEEP_CRON),
]
