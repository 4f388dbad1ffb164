import { handleJob, type JobHandler } from '../../infra/jobs.ts'
import {
  encodeNext,
  encodeSound,
  findCaptions,
  makePictures,
  prepareRun,
  publishRun,
} from './transcoding.queue.ts'
import type { Transcoding } from './transcoding.service.ts'

/** Work for the cores of a machine rather than its patience: it has workers of its own. */
export const transcodingJobs = (transcoding: Transcoding): JobHandler[] => [
  handleJob(prepareRun, ({ runId }) => transcoding.prepare(runId)),
  handleJob(encodeNext, () => transcoding.encode()),
  handleJob(encodeSound, ({ runId, track }) => transcoding.encodeTrack(runId, track)),
  handleJob(makePictures, ({ runId }) => transcoding.picture(runId)),
  handleJob(findCaptions, ({ runId, track }) => transcoding.captionsOf(runId, track)),
  handleJob(publishRun, ({ runId }) => transcoding.publish(runId)),
]
