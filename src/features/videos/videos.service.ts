import { AppError } from '../../core/errors.ts'
import { fromCursor, toPage } from '../../core/paging/cursor.ts'
import type { FileView, FileViewer } from '../playback/playback.service.ts'
import type { PreferencesService } from '../preferences/preferences.service.ts'
import { mayView, mustBeShown, type Relation, type Relations, sightOf } from '../safety/visibility.service.ts'
import { createManaging, type ManagingDeps } from './managing/managing.ts'
import { ruleAgainst } from './rules/rules.ts'
import { listedFor } from './rules/videos.visibility.ts'
import { cutOf } from './trimming/cuts.ts'
import * as repo from './videos.repo.ts'
import { toCard, toVideo } from './videos.shapes.ts'
import { createJudging } from './watching/videos.judging.ts'
import { listRelated } from './watching/videos.related.ts'
import { createShowing, type Watcher } from './watching/videos.showing.ts'

/** A screen of cards and a half. */
const CARDS_ROWS = 24

export type VideosDeps = ManagingDeps & {
  relations: Relations
  preferences: Pick<PreferencesService, 'of'>
}

export type { Watcher } from './watching/videos.showing.ts'

type Page = { cursor?: string | undefined; kind?: repo.Kind }

export { removeVideoFiles } from './videos.queue.ts'

/** Videos as people see them and as their owners look after them. Files come by `createUploads`. */
export function createVideosService(deps: VideosDeps) {
  const { db, relations, clock, addressesOf } = deps
  const judging = createJudging(deps)
  const { judge, isOpen } = judging
  const now = () => new Date(clock.nowMs())

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

  return {
    ...{ ...createManaging(deps), ...createShowing(judging, addressesOf) },

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
      return { refusal, isOpen, runId: found.video.runId, cut: cutOf(found.video) }
    },

    /** What goes with a video, for whoever may watch it. Errors: as of `watch`. */
    async related(watcher: Watcher, videoId: string) {
      const viewerId = watcher.viewer.account?.id
      const { found, refusal } = await judge({ viewerId, country: watcher.country }, videoId)
      if (refusal) throw refusal
      const rows = await listRelated(db.orm, found.video, { viewerId, now: now(), limit: CARDS_ROWS })
      return { videos: cardsOf(rows, watcher, PUBLIC) }
    },

    /** Public ones, the newest first. */
    async newest(watcher: Watcher, { cursor, kind }: Page) {
      const page = { kind, from: fromCursor(cursor), now: now(), limit: CARDS_ROWS + 1 }
      const rows = await repo.listPublic(db.orm, watcher.viewer.account?.id, page)
      const { rows: kept, nextCursor } = toPage(rows, CARDS_ROWS, placeOfOut)
      return { videos: cardsOf(kept, watcher, PUBLIC), nextCursor }
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
  }
}

/** What is listed for everybody is of nobody who is private. */
const PUBLIC = { isPrivate: false }

export type VideosService = ReturnType<typeof createVideosService>

const placeOfOut = ({ video }: repo.OwnedVideo) => ({
  at: video.publishedAt ?? video.createdAt,
  id: video.id,
})
