import { AppError } from '../../../core/errors.ts'
import type { Viewer } from '../../../core/viewer.ts'
import type { Tx } from '../../../infra/db.ts'
import { enqueue } from '../../../infra/jobs.ts'
import type { Cut } from '../../../infra/transcoding/model.ts'
import { findRun, insertCutRun, moveRun } from '../uploads.repo.ts'
import { processVideo, removeVideoFiles } from '../videos.queue.ts'
import type { RunRow, VideoChanges, VideoRow } from '../videos.repo.ts'
import { cutOfRun, isSameCut, isWhole, mustBeWithin } from './cuts.ts'

type Deps<Answer> = {
  /** Changes a video of theirs, locked. Errors: `not_found`, and what `change` throws. */
  changeOwn: (
    viewer: Viewer,
    videoId: string,
    change: (video: VideoRow, tx: Tx) => Promise<VideoChanges>,
  ) => Promise<Answer>
}

type Runs = {
  /** The run that is shown. */
  shown: RunRow
  /** The one of the same file that is on its way; undefined where there is none. */
  next: RunRow | undefined
  wholeMs: number
}

/**
 * Showing a part of a file, or all of it again: each is another run of the file that is here already. What is shown stays until
 * that is whole.
 */
export function createTrimming<Answer>({ changeOwn }: Deps<Answer>) {
  return {
    /**
     * Has only a part of a video's file shown; in times of the whole file. Asking for the part that is shown, or on its way,
     * changes nothing. Errors: `not_found`, `invalid_input`, `conflict` with `{ reason: 'not_ready' | 'busy' | 'nothing' }`.
     */
    trim: (viewer: Viewer, videoId: string, cut: Cut) =>
      changeOwn(viewer, videoId, async (video, tx) => {
        const { shown, next, wholeMs } = await readRuns(tx, video)
        const current = cutOfRun(shown)
        if (isSameCut(cutOfRun(next ?? shown), cut)) return {}
        if (next) throw busy()
        mustBeWithin(cut, wholeMs)
        const isAll = isWhole(cut, { wholeMs, fps: video.fps })
        if (isAll && !current)
          throw new AppError('conflict', 'Nothing would be cut off.', { reason: 'nothing' })
        return await begin(tx, shown, isAll ? undefined : cut)
      }),

    /**
     * Has all of a video's file shown, and gives a part up that is on its way; changes nothing where all of it is shown. Errors:
     * `not_found`, `conflict` with `{ reason: 'not_ready' | 'busy' }`.
     */
    untrim: (viewer: Viewer, videoId: string) =>
      changeOwn(viewer, videoId, async (video, tx) => {
        const { shown, next } = await readRuns(tx, video)
        if (next && !cutOfRun(next)) return {}
        if (next) await giveUp(tx, next)
        if (cutOfRun(shown)) return await begin(tx, shown, undefined)
        return next ? { nextRunId: null } : {}
      }),
  }
}

const busy = () =>
  new AppError('conflict', 'Another version of this video is on its way: wait until it is there.', {
    reason: 'busy',
  })

/** Errors: `not_found`, `conflict` (it can't be watched yet, or gets another file). */
async function readRuns(tx: Tx, video: VideoRow): Promise<Runs> {
  if (video.deletedAt) throw new AppError('not_found')
  const shown = video.runId === null ? undefined : await findRun(tx, video.runId)
  if (video.state !== 'ready' || video.durationMs === null || shown?.state !== 'ready')
    throw new AppError('conflict', 'This video is not ready yet.', { reason: 'not_ready' })
  const found = video.nextRunId === null ? undefined : await findRun(tx, video.nextRunId)
  const next = found && found.state !== 'failed' ? found : undefined
  if (next && next.sourceKey !== shown.sourceKey) throw busy()
  return { shown, next, wholeMs: video.wholeMs ?? video.durationMs }
}

async function begin(tx: Tx, shown: RunRow, cut: Cut | undefined): Promise<VideoChanges> {
  const runId = await insertCutRun(tx, shown, cut)
  await enqueue(tx, processVideo, { runId }, { key: `${processVideo.name}:${runId}` })
  return { nextRunId: runId }
}

async function giveUp(tx: Tx, { id: runId, videoId }: RunRow): Promise<void> {
  await moveRun(tx, runId, ['processing'], {
    ...{ state: 'failed', stage: '' },
    ...{ failureCode: 'given_up', failureMessage: 'Its owner wanted another part of the file.' },
  })
  await enqueue(tx, removeVideoFiles, { videoId, runId })
}
