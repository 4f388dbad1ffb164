import { z } from 'zod'
import type { PendingSteps } from '../../infra/access/pending-steps.ts'
import { defineJob, handleJob, type JobHandler } from '../../infra/jobs.ts'

const pendingSweep = defineJob({
  name: 'pending.sweep',
  payload: z.unknown(),
  // It comes again by itself within the hour.
  maxAttempts: 3,
})

/** Hourly, away from the full hour when everybody's jobs run. */
const SWEEP_CRON = '23 * * * *'

/** Deletes beginnings that nobody ended in time. */
export const pendingJobs = ({ pending }: { pending: PendingSteps }): JobHandler[] => [
  handleJob(pendingSweep, () => pending.sweepExpired(), SWEEP_CRON),
]
