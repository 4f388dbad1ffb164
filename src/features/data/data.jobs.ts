import { handleJob, type JobHandler } from '../../infra/jobs.ts'
import { eraseAccount, makeExport, removeExport, sweepData } from './data.queue.ts'
import type { DeletionService } from './deletion.service.ts'
import type { ExportsService } from './exports.service.ts'

/** Hourly, away from the full hour when everybody's jobs run. */
const SWEEP_CRON = '37 * * * *'

type Deps = { exports: ExportsService; deletion: DeletionService }

export const dataJobs = ({ exports, deletion }: Deps): JobHandler[] => [
  handleJob(makeExport, ({ exportId, origin }) => exports.run(exportId, origin)),
  handleJob(removeExport, ({ exportId }) => exports.remove(exportId)),
  handleJob(eraseAccount, ({ accountId }) => deletion.run(accountId)),
  handleJob(
    sweepData,
    async () => {
      await exports.sweep()
      await deletion.sweep()
    },
    SWEEP_CRON,
  ),
]
