import { join } from 'node:path'
import { createSources } from '../../features/transcoding/sources.ts'
import { transcodingJobs } from '../../features/transcoding/transcoding.jobs.ts'
import { createTranscoding } from '../../features/transcoding/transcoding.service.ts'
import { openScratch } from '../../infra/files/scratch.ts'
import { startJobRunner } from '../../infra/job-runner/job-runner.ts'
import { createTranscoder } from '../../infra/transcoding/transcoder.ts'
import type { Platform, PlatformDatabase } from '../platform.ts'
import type { Services } from '../services.ts'

type Deps = {
  platform: Platform
  database: PlatformDatabase
  services: Services
  crashPoint: (name: string) => void
}

/**
 * The part of the jobs role that makes uploaded files watchable, with workers of its own: what takes minutes of all cores
 * must not hold up mails. Without ffmpeg files wait for a process that has it; the answer says what is wrong.
 */
export async function startTranscoding({
  platform,
  database,
  services,
  crashPoint,
}: Deps): Promise<string | undefined> {
  const { config, log, metrics, life, disposal } = platform
  if (config.TRANSCODES_AT_ONCE === 0) return undefined
  const transcoder = await createTranscoder({
    ...{ ffmpegPath: config.FFMPEG_PATH, ffprobePath: config.FFPROBE_PATH },
    ...{ memoryMb: config.TRANSCODE_MEMORY_MB, maxHours: config.VIDEO_MAX_HOURS, log },
  })
  if ('problem' in transcoder) {
    log.warn({ problem: transcoder.problem }, 'Uploaded videos are not prepared by this process')
    return transcoder.problem
  }
  const { dir } = disposal.use(await openScratch(join(config.DATA_DIR, 'scratch')))
  const sources = disposal.use(await createSources(database.storage, join(dir, 'sources')))
  const ending = new AbortController()
  const transcoding = createTranscoding({
    ...{ db: database.db, storage: database.storage, transcoder, sources, log, crashPoint },
    ...{ outcomes: services.processing, captions: services.captions },
    ...{ dir: join(dir, 'steps'), signal: ending.signal },
  })
  const runner = disposal.use(
    await startJobRunner({
      ...{ url: database.appUrl, log, observe: metrics.job },
      handlers: transcodingJobs(database.db, transcoding),
      concurrency: config.TRANSCODES_AT_ONCE,
    }),
  )
  life.onEnding(async () => {
    // Given back before they are broken off, so that somebody else does them at once.
    await runner.drain(0)
    ending.abort()
  })
  return undefined
}
