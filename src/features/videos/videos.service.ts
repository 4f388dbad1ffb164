import type { RouteResponse } from '../../contract/index.ts'
import { can } from '../../core/access/permissions.ts'
import { AppError } from '../../core/errors.ts'
import type { Logger } from '../../core/log.ts'
import { fromCursor, toPage } from '../../core/paging/cursor.ts'
import type { Topics } from '../../core/ports.ts'
import { createRefresher } from '../../core/running/refresher.ts'
import { type Clock, DAY_MS } from '../../core/time.ts'
import type { Viewer } from '../../core/viewer.ts'
import type { Database, Tx } from '../../infra/db.ts'
import { enqueue } from '../../infra/jobs.ts'
import type { FileView, FileViewer } from '../playback/playback.service.ts'
import type { PreferencesService } from '../preferences/preferences.service.ts'
import { mayView, mustBeShown, type Relation, type Relations, sightOf } from '../safety/visibility.service.ts'
import { forgetViews } from '../views/views.service.ts'
import { removeUploading } from './uploads.repo.ts'
import { removeVideoFiles } from './videos.queue.ts'
import * as repo from './videos.repo.ts'
import { type MediaAddresses, toCard, toManaged, toVideo } from './videos.shapes.ts'
import { listedFor, publishedAtOf } from './videos.visibility.ts'
import { createJudging } from './watching/videos.judging.ts'
import { listRelated } from './watching/videos.related.ts'
import { ruleAgainst } from './watching/videos.rules.ts'
import { createShowing, type Watcher } from './watching/videos.showing.ts'

/** A screen of cards and a half. */
const CARDS_ROWS = 24
const MANAGED_ROWS = 30
/** What moves at once of one person; more are read when the page is. */
const CHANGED_MAX = 30
/** As many pages of owners are shown anew at once. */
const REFRESH_MAX = 50
/** Long enough to notice; the files take their place meanwhile. */
const UNDO_MS = 7 * DAY_MS
/** Videos of one look at what can't be undone any more. */
const PURGED_MAX = 100

export type VideosDeps = {
  db: Database
  relations: Relations
  preferences: Pick<PreferencesService, 'of'>
  topics: Topics
  clock: Clock
  log: Logger
  /** Where somebody who sees a video fetches its files; undefined while there are none. */
  addressesOf: (video: repo.VideoRow, audience: FileAudience) => MediaAddresses | undefined
}

/** Who fetches files, and whether everybody else may too. */
export type FileAudience = { viewer: FileViewer; isOpen: boolean }

export type { Watcher } from './watching/videos.showing.ts'

type Page = { cursor?: string | undefined; kind?: repo.Kind }
type Managed = RouteResponse<'editVideo'>['video']
type Details = Omit<
  repo.VideoChanges,
  'state' | 'publishedAt' | 'scheduledFor' | 'runId' | 'nextRunId' | 'deletedAt'
> & { scheduledFor?: number | null }

export { removeVideoFiles } from './videos.queue.ts'

export const managerTopic = (userId: string) => `video-manager:${userId}`

/** Videos as people see them and as their owners look after them. Files come by `createUploads`. */
export function createVideosService(deps: VideosDeps) {
  const { db, relations, topics, clock, log, addressesOf } = deps
  const judging = createJudging(deps)
  const { judge, isOpen } = judging
  const now = () => new Date(clock.nowMs())

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

  const cardsOf = (
    rows: readonly repo.OwnedVideo[],
    { viewer, country }: Watcher,
    relation: Pick<Relation, 'isPrivate'>,
  ) =>
    rows
      .filter(
        ({ video }) =>
          // That it is for adults is said on the card.
          ruleAgainst(video, { isPrivileged: false, acceptsAdultContent: true, country }) === undefined,
      )
      .map(({ video, owner }) => {
        const audience = {
          viewer: { viewerId: viewer.account?.id, country },
          isOpen: isOpen(video, relation),
        }
        return toCard(video, owner, addressesOf(video, audience))
      })

  /** A video that is theirs, deleted ones too, locked. Errors: `not_found`. */
  async function lockOwn(tx: Tx, viewer: Viewer, videoId: string): Promise<repo.VideoRow> {
    const video = await repo.lockVideo(tx, videoId)
    if (!video || !can(viewer, 'video:edit', video, clock.nowMs())) throw new AppError('not_found')
    return video
  }

  /** Changes a video of theirs and answers how it is then. Errors: `not_found`, and what `change` throws. */
  async function changeOwn(
    viewer: Viewer,
    videoId: string,
    change: (video: repo.VideoRow, tx: Tx) => repo.VideoChanges,
  ): Promise<Managed> {
    const row = await db.withTx(async (tx) => {
      const video = await lockOwn(tx, viewer, videoId)
      await repo.changeVideo(tx, videoId, change(video, tx))
      tx.afterCommit(() => show(video.ownerId))
      return await repo.findManaged(tx, videoId)
    })
    if (!row) throw new AppError('not_found')
    return managed(row)
  }

  return {
    ...{ show, ...createShowing(judging, addressesOf) },

    /** A video to be watched. Errors: `not_found`, `forbidden` with `{ reason: 'blocked' | 'age' | 'country' }`. */
    async watch({ viewer: { account }, country }: Watcher, videoId: string) {
      const viewer = { viewerId: account?.id, country }
      const { found, refusal, isOpen } = await judge(viewer, videoId)
      if (refusal) throw refusal
      const parts = await repo.readParts(db.orm, videoId)
      return toVideo(found, parts, addressesOf(found.video, { viewer, isOpen }))
    },

    /** How somebody sees its files. Errors: `not_found`. */
    async files(viewer: FileViewer, videoId: string): Promise<FileView> {
      const { found, refusal, isOpen } = await judge(viewer, videoId)
      return { refusal, isOpen, runId: found.video.runId }
    },

    /** Public ones, the newest first. */
    async newest(watcher: Watcher, { cursor, kind }: Page) {
      const page = { kind, from: fromCursor(cursor), now: now(), limit: CARDS_ROWS + 1 }
      const rows = await repo.listPublic(db.orm, watcher.viewer.account?.id, page)
      const { rows: kept, nextCursor } = toPage(rows, CARDS_ROWS, placeOfOut)
      return { videos: cardsOf(kept, watcher, PUBLIC), nextCursor }
    },

    /** What goes with a video, for whoever may watch it. Errors: as of `watch`. */
    async related(watcher: Watcher, videoId: string) {
      const viewerId = watcher.viewer.account?.id
      const { found, refusal } = await judge({ viewerId, country: watcher.country }, videoId)
      if (refusal) throw refusal
      const rows = await listRelated(db.orm, found.video, { viewerId, now: now(), limit: CARDS_ROWS })
      return { videos: cardsOf(rows, watcher, PUBLIC) }
    },

    /** What a channel lists. Errors: `not_found`, `forbidden` with `{ reason: 'blocked' | 'private' }`. */
    async ofChannel(watcher: Watcher, handle: string, { cursor, kind }: Page) {
      const owner = await repo.findOwner(db.orm, handle)
      if (!owner) throw new AppError('not_found')
      const relation = await relations.of(watcher.viewer.account?.id, owner.id)
      mustBeShown(sightOf(relation))
      if (!mayView(relation, 'all'))
        throw new AppError('forbidden', 'This account is private.', { reason: 'private' })
      const page = { kind, from: fromCursor(cursor), now: now(), limit: CARDS_ROWS + 1 }
      const rows = await repo.listChannel(db.orm, owner.id, listedFor(relation), page)
      const { rows: kept, nextCursor } = toPage(rows, CARDS_ROWS, placeOfOut)
      return { videos: cardsOf(kept, watcher, relation), nextCursor }
    },

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

    /** Changes what is given. Errors: `not_found`, `conflict` (countries both allowed and denied). */
    edit: (viewer: Viewer, videoId: string, { scheduledFor, ...details }: Details) =>
      changeOwn(viewer, videoId, (video, tx) => {
        if (video.deletedAt) throw new AppError('not_found')
        if (SHUTTING.some((name) => (name === 'scheduledFor' ? scheduledFor : details[name]) !== undefined))
          tx.afterCommit(() => rejudge(videoId))
        const at = scheduledFor === null || scheduledFor === undefined ? null : new Date(scheduledFor)
        const next = { ...video, ...details, ...(scheduledFor !== undefined && { scheduledFor: at }) }
        if (next.allowedCountries.length > 0 && next.deniedCountries.length > 0)
          throw new AppError('conflict', 'Choose countries to allow or countries to deny, not both.')
        return { ...details, scheduledFor: next.scheduledFor, publishedAt: publishedAtOf(next, now()) }
      }),

    /** Errors: `not_found`, `conflict` (there are no pictures yet). */
    choosePoster: (viewer: Viewer, videoId: string, choice: number) =>
      changeOwn(viewer, videoId, (video) => {
        if (video.deletedAt) throw new AppError('not_found')
        if (!video.runId) throw new AppError('conflict', 'There are no pictures of this video yet.')
        return { posterChoice: choice, posterId: null }
      }),

    /** Hides it, and ends its upload. Doing it again changes nothing. Errors: `not_found`. */
    async remove(viewer: Viewer, videoId: string): Promise<{ undoUntil: number }> {
      return await db.withTx(async (tx) => {
        const video = await lockOwn(tx, viewer, videoId)
        const deletedAt = video.deletedAt ?? now()
        for (const runId of await removeUploading(tx, videoId))
          await enqueue(tx, removeVideoFiles, { videoId, runId })
        const state = video.state === 'uploading' ? 'draft' : video.state
        await repo.changeVideo(tx, videoId, { deletedAt, state })
        tx.afterCommit(() => show(video.ownerId))
        tx.afterCommit(() => rejudge(videoId))
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

/** What is listed for everybody is of nobody who is private. */
const PUBLIC = { isPrivate: false }

export type VideosService = ReturnType<typeof createVideosService>

const placeOfOut = ({ video }: repo.OwnedVideo) => ({
  at: video.publishedAt ?? video.createdAt,
  id: video.id,
})
