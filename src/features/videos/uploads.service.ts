import { owns } from '../../core/access/permissions.ts'
import { AppError } from '../../core/errors.ts'
import { isUuid, newId } from '../../core/ids.ts'
import { type Clock, DAY_MS } from '../../core/time.ts'
import type { Database, Tx } from '../../infra/db.ts'
import type { IncomingFiles } from '../../infra/files/incoming.ts'
import { enqueue } from '../../infra/jobs.ts'
import { playFolder } from '../playback/playback.service.ts'
import * as repo from './uploads.repo.ts'
import { processVideo, removeVideoFiles, verifyUpload } from './videos.queue.ts'
import { changeVideo, createVideo, lockVideo } from './videos.repo.ts'

/** A long weekend: time enough to find a better connection. Every byte begins it anew. */
const EXPIRES_MS = 3 * DAY_MS
/** Of one look at what expired; the next look takes the next ones. */
const SWEPT_MAX = 100

export type UploadSettings = {
  /** Of one file. */
  UPLOAD_MAX_BYTES: number
  /** Of all files of an account together. */
  UPLOAD_QUOTA_BYTES: number
  /** How many files an account sends at the same time. */
  UPLOADS_AT_ONCE: number
}

type Deps = {
  db: Database
  clock: Clock
  config: UploadSettings
  incoming: Pick<IncomingFiles, 'receivedBytes' | 'finish' | 'remove'>
  /** The pages of an owner are to show anew. */
  show: (ownerId: string) => void
  crashPoint: (name: string) => void
}

/** What somebody says of a file before they send it. */
export type Announced = {
  sizeBytes: number
  fileName: string
  title: string
  /** Of theirs, that gets this file; without it the file is a new video. */
  videoId?: string | undefined
  sha256?: string | undefined
}

/** An upload as the protocol knows it: where its bytes go, and until when they must come. */
export type Upload = {
  runId: string
  videoId: string
  ownerId: string
  sourceKey: string
  sizeBytes: number
  isComplete: boolean
  expiresAt: Date
}

/**
 * Uploads of videos. The bytes are the protocol's; here is whose they are, how many there may be, and what becomes of them.
 *
 *   ──begun──▶ receiving ──all bytes there──▶ complete ──▶ the run is `processing`
 *                  │ │
 *                  │ └──given up by its owner──▶ gone, the video is a draft
 *                  └──no byte for three days──▶ expired, the run has failed
 *
 * An upload is complete once: whoever sees first that all bytes are there says so, which after a crash is not whoever
 * received the last.
 */
export function createUploads({ db, clock, config, incoming, show, crashPoint }: Deps) {
  const expiry = () => new Date(clock.nowMs() + EXPIRES_MS)

  async function mustFit(tx: Tx, ownerId: string, sizeBytes: number): Promise<void> {
    const { UPLOAD_MAX_BYTES: maxBytes, UPLOAD_QUOTA_BYTES: quotaBytes, UPLOADS_AT_ONCE: max } = config
    if (sizeBytes > maxBytes)
      throw new AppError('too_large', 'This file is larger than one may be here.', {
        reason: 'file',
        maxBytes,
      })
    const { usedBytes, receiving } = await repo.usageOf(tx, ownerId)
    if (usedBytes + sizeBytes > quotaBytes)
      throw new AppError('too_large', 'There is not enough room left for this file.', {
        reason: 'quota',
        ...{ quotaBytes, usedBytes },
      })
    if (receiving >= max)
      throw new AppError('conflict', 'So many uploads at once are enough: wait until one is done.', {
        reason: 'uploads',
        max,
      })
  }

  /** The video that gets the file. Errors: `not_found`, `conflict` (it is getting one). */
  async function videoFor(tx: Tx, ownerId: string, { videoId, title }: Announced): Promise<string> {
    if (videoId === undefined) return createVideo(tx, { id: newId(), ownerId, title, state: 'uploading' })
    const video = isUuid(videoId) ? await lockVideo(tx, videoId) : undefined
    if (!video || !owns({ id: ownerId }, video) || video.deletedAt) throw new AppError('not_found')
    const next = video.nextRunId === null ? undefined : await repo.findRun(tx, video.nextRunId)
    if (next && next.state !== 'failed')
      throw new AppError('conflict', 'This video is getting another file already.', { reason: 'busy' })
    return video.id
  }

  /** All bytes are there. Changes nothing where that was said before. */
  async function complete({
    runId,
    videoId,
    sourceKey,
  }: Pick<Upload, 'runId' | 'videoId' | 'sourceKey'>): Promise<void> {
    crashPoint('upload:received')
    await incoming.finish(sourceKey)
    await db.withTx(async (tx) => {
      const video = await lockVideo(tx, videoId)
      const upload = await repo.endUpload(tx, runId, 'complete')
      if (!video || !upload) return
      await repo.moveRun(tx, runId, ['uploading'], { state: 'processing', percent: 0 })
      await changeVideo(tx, videoId, video.state === 'ready' ? {} : { state: 'processing' })
      const job = upload.sha256 === null ? processVideo : verifyUpload
      await enqueue(tx, job, { runId }, { key: `${job.name}:${runId}` })
      tx.afterCommit(() => show(upload.ownerId))
    })
  }

  async function expire({ upload, run }: repo.FoundUpload): Promise<void> {
    await db.withTx(async (tx) => {
      const video = await lockVideo(tx, run.videoId)
      if (!(await repo.endUpload(tx, run.id, 'expired'))) return
      await repo.moveRun(tx, run.id, ['uploading'], {
        state: 'failed',
        failureCode: 'upload_expired',
        failureMessage: 'Nothing came for three days, so the upload ended.',
      })
      await changeVideo(tx, run.videoId, video?.state === 'ready' ? {} : { state: 'failed' })
      await enqueue(tx, removeVideoFiles, { videoId: run.videoId, runId: run.id })
      tx.afterCommit(() => show(upload.ownerId))
    })
  }

  async function removeOfRun(videoId: string, runId: string): Promise<void> {
    const source = repo.sourceKeyOf(videoId, runId)
    if (await repo.isSourceWanted(db.orm, videoId, source))
      await incoming.remove(playFolder(videoId, runId), undefined)
    else await incoming.remove(`videos/${videoId}/${runId}/`, source)
  }

  return {
    complete,

    /**
     * Begins an upload, with a video of its own where it is for none yet. Errors: `too_large` with
     * `{ reason: 'file' | 'quota' }`, `conflict` with `{ reason: 'uploads' | 'busy' }`, `not_found`.
     */
    async begin(ownerId: string, announced: Announced): Promise<Upload> {
      const { sizeBytes, fileName, sha256 = null } = announced
      const expiresAt = expiry()
      return await db.withTx(async (tx) => {
        await repo.lockOwner(tx, ownerId)
        await mustFit(tx, ownerId, sizeBytes)
        const videoId = await videoFor(tx, ownerId, announced)
        const made = { ownerId, videoId, fileName, sizeBytes, sha256, expiresAt }
        const { runId, sourceKey } = await repo.insertUpload(tx, made)
        const video = await lockVideo(tx, videoId)
        const state = video?.state === 'ready' ? {} : { state: 'uploading' as const }
        await changeVideo(tx, videoId, { nextRunId: runId, ...state })
        tx.afterCommit(() => show(ownerId))
        return { runId, videoId, ownerId, sourceKey, sizeBytes, isComplete: false, expiresAt }
      })
    },

    /** An upload of theirs. Errors: `not_found`, `expired`. */
    async find(ownerId: string, runId: string): Promise<Upload> {
      const found = isUuid(runId) ? await repo.findUpload(db.orm, runId) : undefined
      if (!found || !owns({ id: ownerId }, found.upload)) throw new AppError('not_found')
      const { upload, run } = found
      if (upload.state === 'expired')
        throw new AppError('expired', 'This upload came no further for too long.')
      return {
        ...{ runId: run.id, videoId: run.videoId, sourceKey: run.sourceKey, ownerId },
        ...{ sizeBytes: upload.sizeBytes, expiresAt: upload.expiresAt },
        isComplete: upload.state === 'complete',
      }
    },

    /** Bytes have come, up to this one. */
    async received({ runId, videoId, ownerId }: Upload, offsetBytes: number): Promise<void> {
      await db.withTx(async (tx) => {
        await changeVideo(tx, videoId, {})
        await repo.moveUpload(tx, runId, offsetBytes, expiry())
        tx.afterCommit(() => show(ownerId))
      })
    },

    /** Gives an upload up: what came goes, and the video stays as a draft. Errors: `conflict` (it is complete). */
    async cancel({ runId, videoId, ownerId, isComplete }: Upload): Promise<void> {
      if (isComplete)
        throw new AppError('conflict', 'All of this file is here: delete the video instead.', {
          reason: 'complete',
        })
      await db.withTx(async (tx) => {
        const video = await lockVideo(tx, videoId)
        const removed = await repo.removeUploading(tx, videoId, runId)
        if (removed.length === 0) return
        await enqueue(tx, removeVideoFiles, { videoId, runId })
        await changeVideo(tx, videoId, video?.state === 'ready' ? {} : { state: 'draft' })
        tx.afterCommit(() => show(ownerId))
      })
    },

    /** Ends uploads that came no further, and completes those whose last byte came as its server died. */
    async sweep(): Promise<void> {
      const now = new Date(clock.nowMs())
      for (const found of await repo.expiredUploads(db.orm, now, SWEPT_MAX)) {
        const { sourceKey, sizeBytes, videoId, id: runId } = found.run
        const isThere = (await incoming.receivedBytes(sourceKey)) === sizeBytes
        await (isThere ? complete({ runId, videoId, sourceKey }) : expire(found))
      }
    },

    /**
     * Deletes the files of a run, or of a whole video, that nobody wants any more. The file that was sent stays as long as another
     * run shows some of it, and goes with the last one.
     */
    async removeFiles(videoId: string, runId: string | null): Promise<void> {
      if (await repo.isWanted(db.orm, videoId, runId)) return
      if (runId === null) return await incoming.remove(`videos/${videoId}/`, undefined)
      await removeOfRun(videoId, runId)
      const shared = (await repo.findRun(db.orm, runId))?.sourceKey
      if (shared === undefined || shared === repo.sourceKeyOf(videoId, runId)) return
      if (!(await repo.isSourceWanted(db.orm, videoId, shared)))
        await incoming.remove(shared.slice(0, shared.lastIndexOf('/') + 1), shared)
    },
  }
}

export type UploadsService = ReturnType<typeof createUploads>
