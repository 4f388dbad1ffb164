import type { RouteResponse } from '../../../contract/index.ts'
import { owns } from '../../../core/access/permissions.ts'
import { AppError } from '../../../core/errors.ts'
import type { Logger } from '../../../core/log.ts'
import { fromCursor, toPage } from '../../../core/paging/cursor.ts'
import type { Topics } from '../../../core/ports.ts'
import { createRefresher } from '../../../core/running/refresher.ts'
import { type Clock, DAY_MS } from '../../../core/time.ts'
import type { Viewer } from '../../../core/viewer.ts'
import type { Database, Tx } from '../../../infra/db.ts'
import { enqueue } from '../../../infra/jobs.ts'
import type { FileViewer } from '../../playback/playback.service.ts'
import { forgetViews } from '../../views/views.service.ts'
import { type Entitlements, mustBeOffered } from '../rules/entitlements.ts'
import { plannedPremiere } from '../rules/premieres.ts'
import { publishedAtOf } from '../rules/videos.visibility.ts'
import { createTrimming } from '../trimming/trimming.ts'
import { removeUploading } from '../uploads.repo.ts'
import { removeVideoFiles } from '../videos.queue.ts'
import * as repo from '../videos.repo.ts'
import { type MediaAddresses, toManaged } from '../videos.shapes.ts'
import { lockOwn, writeChapters } from './managing.repo.ts'
import { createPosters, type PostersDeps } from './posters.ts'
import { createPremierePushes } from './premiere-pushes.ts'

const MANAGED_ROWS = 30
/** What moves at once of one person; more are read when the page is. */
const CHANGED_MAX = 30
/** As many pages of owners are shown anew at once. */
const REFRESH_MAX = 50
/** Long enough to notice; the files take their place meanwhile. */
const UNDO_MS = 7 * DAY_MS
/** Videos of one look at what can't be undone any more. */
const PURGED_MAX = 100

export type ManagingDeps = PostersDeps & {
  db: Database
  topics: Topics
  clock: Clock
  log: Logger
  entitlements: Entitlements
  /** Where somebody who sees a video fetches its files; undefined while there are none. */
  addressesOf: (video: repo.VideoRow, audience: FileAudience) => MediaAddresses | undefined
}

/** Who fetches files, and whether everybody else may too. */
type FileAudience = { viewer: FileViewer; isOpen: boolean }

type Managed = RouteResponse<'editVideo'>['video']
type Details = Omit<
  repo.VideoChanges,
  'state' | 'publishedAt' | 'scheduledFor' | 'runId' | 'nextRunId' | 'deletedAt'
> & { scheduledFor?: number | null }

const NO_PICTURES = 'There are no pictures of this video yet.'

export const managerTopic = (userId: string) => `video-manager:${userId}`

/** Videos as their owners look after them. */
export function createManaging(deps: ManagingDeps) {
  const { db, topics, clock, log, addressesOf, entitlements } = deps
  const now = () => new Date(clock.nowMs())
  const posters = createPosters(deps)
  const premieres = createPremierePushes(deps)

  const show = createRefresher({
    maxKeys: REFRESH_MAX,
    async refresh(userIds) {
      for (const userId of userIds) {
        const { rows, asOfMs } = await repo.lastChanged(db, userId, CHANGED_MAX)
        const videos = rows.filter(({ video }) => !video.deletedAt).map((row) => managed(row))
        const deletedIds = rows.flatMap(({ video }) => (video.deletedAt ? [video.id] : []))
        topics.set(managerTopic(userId), { videos, deletedIds }, asOfMs)
      }
    },
    onError: (error) => log.warn({ error }, 'The videos of an account could not be shown'),
  })

  /** Who follows its counters and may not watch it any more is put out. */
  const rejudge = (videoId: string) =>
    void topics
      .rejudge(videoId)
      .catch((error: unknown) => log.warn({ videoId, error }, 'Who follows a video could not be judged'))

  const managed = (row: repo.ManagedRow): Managed => {
    const viewer = { viewerId: row.video.ownerId, country: undefined }
    return toManaged(row, addressesOf(row.video, { viewer, isOpen: false }))
  }

  /** Changes a video of theirs and answers how it is then. Errors: `not_found`, and what `change` throws. */
  async function changeOwn(
    viewer: Viewer,
    videoId: string,
    change: (video: repo.VideoRow, tx: Tx) => repo.VideoChanges | Promise<repo.VideoChanges>,
  ): Promise<Managed> {
    const row = await db.withTx(async (tx) => {
      const video = await lockOwn(tx, viewer, videoId, clock.nowMs())
      const changes = await change(video, tx)
      await repo.changeVideo(tx, videoId, changes)
      if (changes.description !== undefined) await writeChapters(tx, videoId, { ...video, ...changes })
      tx.afterCommit(() => show(video.ownerId))
      if (video.isPremiere || changes.isPremiere) tx.afterCommit(() => premieres.changed(videoId))
      return await repo.findManaged(tx, videoId)
    })
    if (!row) throw new AppError('not_found')
    return managed(row)
  }

  return {
    ...{ ...createTrimming({ changeOwn }), show },
    showPremiere: premieres.show,

    /** Everything of one owner, in every state. */
    async own(
      ownerId: string,
      { cursor, state }: { cursor?: string | undefined; state?: repo.VideoRow['state'] | undefined },
    ) {
      const page = { state, from: fromCursor(cursor), limit: MANAGED_ROWS + 1 }
      const rows = await repo.listManaged(db.orm, ownerId, page)
      const placeOf = ({ video }: repo.ManagedRow) => ({ at: video.createdAt, id: video.id })
      const { rows: kept, nextCursor } = toPage(rows, MANAGED_ROWS, placeOf)
      return { videos: kept.map(managed), nextCursor }
    },

    /** One of theirs. Errors: `not_found`. */
    async find(ownerId: string, videoId: string): Promise<Managed> {
      const row = await repo.findManaged(db.orm, videoId)
      if (!row || !owns({ id: ownerId }, row.video) || row.video.deletedAt) throw new AppError('not_found')
      return managed(row)
    },

    /**
     * Changes what is given. Errors: `not_found`, `conflict` (countries both allowed and denied; a premiere of what is out,
     * `{ reason: 'out' }`, or at a time that is not to come, `{ reason: 'time' }`; for who has bought what they do not sell,
     * `{ reason: 'unsold' }`).
     */
    edit: (viewer: Viewer, videoId: string, { scheduledFor, isPremiere, ...details }: Details) =>
      changeOwn(viewer, videoId, async (video, tx) => {
        if (video.deletedAt) throw new AppError('not_found')
        await mustBeOffered(entitlements, video.ownerId, details.visibility)
        if (SHUTTING.some((name) => (name === 'scheduledFor' ? scheduledFor : details[name]) !== undefined))
          tx.afterCommit(() => rejudge(videoId))
        const at = typeof scheduledFor === 'number' ? new Date(scheduledFor) : scheduledFor
        const planned = plannedPremiere(video, { isPremiere, scheduledFor: at }, clock.nowMs())
        const next = { ...video, ...details, ...(at !== undefined && { scheduledFor: at }) }
        if (next.allowedCountries.length > 0 && next.deniedCountries.length > 0)
          throw new AppError('conflict', 'Choose countries to allow or countries to deny, not both.')
        const publishedAt = publishedAtOf(next, now())
        return { ...details, isPremiere: planned, scheduledFor: next.scheduledFor, publishedAt }
      }),

    /** Errors: `not_found`, `conflict` (there is no such picture yet). */
    choosePoster: (viewer: Viewer, videoId: string, choice: number) =>
      changeOwn(viewer, videoId, async (video, tx) => {
        const thumbhash = video.posterHashes[choice]
        if (video.deletedAt) throw new AppError('not_found')
        if (thumbhash === undefined) throw new AppError('conflict', NO_PICTURES)
        await posters.drop(tx, video)
        return { posterChoice: choice, posterId: null, thumbhash }
      }),

    /** Errors: `not_found`, `conflict` (there are no pictures yet), `invalid_input`, `unavailable`. */
    async uploadPoster(viewer: Viewer, videoId: string, bytes: Uint8Array): Promise<Managed> {
      const found = await repo.findVideo(db.orm, videoId)
      if (!found || found.video.deletedAt || !owns(viewer, found.video)) throw new AppError('not_found')
      if (!found.video.runId) throw new AppError('conflict', NO_PICTURES)
      const { posterId, thumbhash } = await posters.store(videoId, bytes)
      return await changeOwn(viewer, videoId, async (video, tx) => {
        if (video.deletedAt) throw new AppError('not_found')
        await posters.drop(tx, video)
        return { posterChoice: null, posterId, thumbhash }
      })
    },

    /** Hides it, and ends its upload. Doing it again changes nothing. Errors: `not_found`. */
    async remove(viewer: Viewer, videoId: string): Promise<{ undoUntil: number }> {
      return await db.withTx(async (tx) => {
        const video = await lockOwn(tx, viewer, videoId, clock.nowMs())
        const deletedAt = video.deletedAt ?? now()
        for (const runId of await removeUploading(tx, videoId))
          await enqueue(tx, removeVideoFiles, { videoId, runId })
        const state = video.state === 'uploading' ? 'draft' : video.state
        await repo.changeVideo(tx, videoId, { deletedAt, state })
        tx.afterCommit(() => show(video.ownerId))
        tx.afterCommit(() => rejudge(videoId))
        if (video.isPremiere) tx.afterCommit(() => premieres.changed(videoId))
        return { undoUntil: deletedAt.getTime() + UNDO_MS }
      })
    },

    /** Errors: `not_found`, `conflict` (it is not deleted). */
    restore: (viewer: Viewer, videoId: string) =>
      changeOwn(viewer, videoId, (video) => {
        if (!video.deletedAt) throw new AppError('conflict', 'This video is not deleted.')
        return { deletedAt: null }
      }),

    /** Removes for good what can't be undone any more. */
    async purge(): Promise<void> {
      await db.withTx(async (tx) => {
        const videoIds = await repo.lockPurgeable(tx, new Date(clock.nowMs() - UNDO_MS), PURGED_MAX)
        for (const videoId of videoIds) {
          await enqueue(tx, removeVideoFiles, { videoId, runId: null })
          await enqueue(tx, forgetViews, { videoId })
        }
        await repo.purgeVideos(tx, videoIds)
      })
    },
  }
}

/** What of a video decides who may watch it. */
const SHUTTING = [
  'visibility',
  'scheduledFor',
  'isAgeRestricted',
  'allowedCountries',
  'deniedCountries',
] as const
