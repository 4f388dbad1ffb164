import type { ObjectStorage } from '../../core/ports.ts'
import type { Database } from '../../infra/db.ts'
import { handleJob, type JobHandler } from '../../infra/jobs.ts'
import { removeUnused } from './managing/own-files.ts'
import type { ProcessingService, VideoProcessor } from './processing.service.ts'
import type { UploadsService } from './uploads.service.ts'
import { processVideo, removeOwnFiles, removeVideoFiles, sweepVideos, verifyUpload } from './videos.queue.ts'
import type { VideosService } from './videos.service.ts'

/** Each ten minutes, away from the full hour when everybody's jobs run. */
const SWEEP_CRON = '3,13,23,33,43,53 * * * *'

type Deps = {
  db: Database
  storage: Pick<ObjectStorage, 'delete' | 'deletePrefix'>
  videos: VideosService
  uploads: UploadsService
  processing: ProcessingService
  /** Without one, files wait until a process that has one comes. */
  processor: VideoProcessor | undefined
}

export function videoJobs({ db, storage, videos, uploads, processing, processor }: Deps): JobHandler[] {
  const process =
    processor &&
    handleJob(processVideo, async ({ runId }) => {
      const source = await processing.source(runId)
      if (source) await processor.start(source)
    })
  return [
    ...(process ? [process] : []),
    handleJob(verifyUpload, ({ runId }) => processing.verify(runId)),
    handleJob(removeVideoFiles, ({ videoId, runId }) => uploads.removeFiles(videoId, runId)),
    handleJob(removeOwnFiles, (files) => removeUnused({ db, storage }, files)),
    handleJob(
      sweepVideos,
      async () => {
        await uploads.sweep()
        await videos.purge()
      },
      SWEEP_CRON,
    ),
  ]
}
