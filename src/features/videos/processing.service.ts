import { createHash } from 'node:crypto'
import type { ObjectStorage } from '../../core/ports.ts'
import type { Clock } from '../../core/time.ts'
import type { Database, Tx } from '../../infra/db.ts'
import { enqueue } from '../../infra/jobs.ts'
import { renewRetention } from '../views/views.service.ts'
import { writeChapters } from './managing/managing.repo.ts'
import { publishedAtOf } from './rules/videos.visibility.ts'
import { findRun, findUpload, moveRun } from './uploads.repo.ts'
import { processVideo, removeVideoFiles } from './videos.queue.ts'
import { changeVideo, findVideo, lockVideo, type VideoRow } from './videos.repo.ts'

/** A file that waits to be made watchable; everything that comes of it goes below `videos/{videoId}/{runId}/`. */
export type VideoSource = {
  videoId: string
  runId: string
  ownerId: string
  sourceKey: string
  sizeBytes: number
}

/** What was found out about a file: pixels as people see them, after rotation. */
export type VideoFacts = {
  durationMs: number
  width: number
  height: number
  fps: number
  /** Where it begins in its file, and how long all of that is; undefined where it is all of it. */
  cut: { startMs: number; wholeMs: number } | undefined
  /** ThumbHashes in base64 of the pictures that were taken, and which of them shows most. */
  posterHashes: string[]
  posterChoice: number
}

/**
 * What makes a file watchable. `start` may do the work or hand it to jobs of its own and return; it is called again for the
 * same source where it threw, and where its process died. How far it is, it tells by the methods of `ProcessingService`.
 */
export type VideoProcessor = { start(source: VideoSource): Promise<void> }

type Deps = {
  db: Database
  storage: Pick<ObjectStorage, 'read'>
  clock: Clock
  show: (ownerId: string) => void
  /** The page of a premiere, where it is one, is to show anew. */
  showPremiere: (videoId: string) => void
}

/**
 * What becomes of an uploaded file.
 *
 *   processing ──first rendition can be watched──▶ ready ──all renditions──▶ ready, stage empty
 *        └──it is no video, or not what was sent──▶ failed
 *
 * A run that is ready takes the place of the one before, whose files go, but for the file that was sent where both show some of
 * it. One that failed leaves a video that was ready as it was.
 */
export function createProcessing({ db, storage, clock, show, showPremiere }: Deps) {
  /** In a transaction that has the video of a run locked, which whatever changes one of both has first. */
  async function withVideo(runId: string, work: (tx: Tx, video: VideoRow) => Promise<void>): Promise<void> {
    await db.withTx(async (tx) => {
      const run = await findRun(tx, runId)
      const video = run && (await lockVideo(tx, run.videoId))
      if (video) await work(tx, video)
    })
  }

  async function fail(runId: string, failureCode: string, failureMessage: string): Promise<void> {
    const failure = { state: 'failed', stage: '', failureCode, failureMessage } as const
    await withVideo(runId, async (tx, video) => {
      if (!(await moveRun(tx, runId, ['processing'], failure))) return
      await changeVideo(tx, video.id, video.state === 'ready' ? {} : { state: 'failed' })
      await enqueue(tx, removeVideoFiles, { videoId: video.id, runId })
      tx.afterCommit(() => show(video.ownerId))
    })
  }

  /** The files of the run that a video had before are wanted no more. */
  async function dropFormer(tx: Tx, videoId: string, runId: string): Promise<void> {
    await moveRun(tx, runId, ['ready'], {
      state: 'failed',
      failureCode: 'replaced',
      failureMessage: 'Another file took its place.',
    })
    await enqueue(tx, removeVideoFiles, { videoId, runId })
  }

  return {
    /** Tells the job's engine of a run that waits for it; undefined where it does not, or no more. */
    async source(runId: string): Promise<VideoSource | undefined> {
      const run = await findRun(db.orm, runId)
      if (run?.state !== 'processing') return undefined
      const found = await findVideo(db.orm, run.videoId)
      if (!found) return undefined
      const { videoId, sourceKey, sizeBytes } = run
      return { ...{ videoId, runId, sourceKey, sizeBytes }, ownerId: found.owner.id }
    },

    /** What is being done, and how much of everything is done. */
    async progress(runId: string, stage: string, percent: number): Promise<void> {
      await withVideo(runId, async (tx, video) => {
        if (!(await moveRun(tx, runId, ['processing', 'ready'], { stage, percent }))) return
        await changeVideo(tx, video.id, {})
        tx.afterCommit(() => show(video.ownerId))
      })
    },

    /** It can be watched from now on, if not in every quality: the video comes out as its owner wants. */
    async playable(runId: string, facts: VideoFacts): Promise<void> {
      await withVideo(runId, async (tx, video) => {
        if (!(await moveRun(tx, runId, ['processing'], { state: 'ready' }))) return
        const next = { ...video, state: 'ready' as const }
        const publishedAt = publishedAtOf(next, new Date(clock.nowMs()))
        const { posterChoice, posterHashes, cut, ...found } = facts
        const of = { ...found, cutStartMs: cut?.startMs ?? null, wholeMs: cut?.wholeMs ?? null }
        // One that its owner uploaded stays.
        const poster = video.posterId === null && {
          ...{ posterChoice, thumbhash: posterHashes[posterChoice] ?? null },
        }
        await changeVideo(tx, video.id, {
          ...{ ...of, posterHashes, ...poster, state: 'ready', publishedAt, runId },
          nextRunId: video.nextRunId === runId ? null : video.nextRunId,
        })
        await writeChapters(tx, video.id, { ...video, ...of })
        if (video.runId !== null) {
          await dropFormer(tx, video.id, video.runId)
          await enqueue(tx, renewRetention, { videoId: video.id })
        }
        tx.afterCommit(() => show(video.ownerId))
        if (video.isPremiere) tx.afterCommit(() => showPremiere(video.id))
      })
    },

    /** Every quality is there. */
    done: (runId: string): Promise<void> =>
      withVideo(runId, async (tx, video) => {
        await moveRun(tx, runId, ['ready'], { stage: '', percent: 100 })
        await changeVideo(tx, video.id, {})
        tx.afterCommit(() => show(video.ownerId))
      }),

    /** It is no video that can be shown here: a word for programs and a sentence for its owner. */
    refuse: fail,

    /** Has a file processed if it has the SHA-256 that its owner gave. */
    async verify(runId: string): Promise<void> {
      const found = await findUpload(db.orm, runId)
      if (found?.run.state !== 'processing') return
      if ((await sha256Of(storage, found.run.sourceKey)) !== found.upload.sha256)
        return fail(runId, 'checksum', 'The file that arrived is not the one that was sent: upload it again.')
      await db.withTx((tx) => enqueue(tx, processVideo, { runId }, { key: `${processVideo.name}:${runId}` }))
    },
  }
}

export type ProcessingService = ReturnType<typeof createProcessing>

async function sha256Of(storage: Pick<ObjectStorage, 'read'>, key: string): Promise<string> {
  const hash = createHash('sha256')
  const { body } = await storage.read(key)
  for await (const part of body) hash.update(part)
  return hash.digest('hex')
}
