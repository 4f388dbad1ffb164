import type { Database } from '../../infra/db.ts'
import { handleJob, type JobHandler } from '../../infra/jobs.ts'
import { sweepRuns } from './sweep.ts'
import { encodeNext, findCaptions, makePictures, publishRun, sweepTranscoding } from './transcoding.queue.ts'
import type { Transcoding } from './transcoding.service.ts'

/** Each ten minutes, away from the full hour when everybody's jobs run. */
const SWEEP_CRON = '7,17,27,37,47,57 * * * *'

/** Work for the cores of a machine rather than its patience: it has workers of its own. */
export const transcodingJobs = (db: Database, transcoding: Transcoding): JobHandler[] => [
  handleJob(encodeNext, () => transcoding.encode()),
  handleJob(makePictures, ({ runId }) => transcoding.picture(runId)),
  handleJob(findCaptions, ({ runId, track }) => transcoding.captionsOf(runId, track)),
  handleJob(publishRun, ({ runId }) => transcoding.publish(runId)),
  handleJob(sweepTranscoding, () => sweepRuns(db), SWEEP_CRON),
]
