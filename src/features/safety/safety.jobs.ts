import { handleJob, type JobHandler } from '../../infra/jobs.ts'
import { acceptWaiting } from './safety.queue.ts'
import type { SafetyService } from './safety.service.ts'

export const safetyJobs = ({ safety }: { safety: Pick<SafetyService, 'acceptWaiting'> }): JobHandler[] => [
  handleJob(acceptWaiting, ({ accountId }) => safety.acceptWaiting(accountId)),
]
