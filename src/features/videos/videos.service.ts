import { AppError } from '../../core/errors.ts'
import { fromCursor, toPage } from '../../core/paging/cursor.ts'
import type { Viewer } from '../../core/viewer.ts'
import type { FileView, FileViewer } from '../playback/playback.service.ts'
import type { PreferencesService } from '../preferences/preferences.service.ts'
import { mayView, mustBeShown, type Relation, type Relations, sightOf } from '../safety/visibility.service.ts'
import { createManaging, type ManagingDeps } from './managing/managing.ts'
import { ruleAgainst } from './rules/rules.ts'
import * as repo from './videos.repo.ts'
import { toCard, toVideo } from './videos.shapes.ts'
import { isForEverybody, isPrivileged, listedFor, refusalOf } from './videos.visibility.ts'

/** A screen of cards and a half. */
const CARDS_ROWS = 24

export type VideosDeps = ManagingDeps & {
  relations: Relations
  preferences: Pick<PreferencesService, 'of'>
}

/** Who watches from where. */
export type Watcher = { viewer: Viewer; country: string | undefined }
type Page = { cursor?: string | undefined; kind?: repo.Kind }

export { managerTopic } from './managing/managing.ts'
export { removeVideoFiles } from './videos.queue.ts'

/** Videos as people see them and as their owners look after them. Files come by `createUploads`. */
export function createVideosService(deps: VideosDeps) {
  const { db, relations, preferences, clock, addressesOf } = deps
  const now = () => new Date(clock.nowMs())

  const isOpen = (video: repo.VideoRow, { isPrivate }: Pick<Relation, 'isPrivate'>) =>
    !isPrivate && isForEverybody(video, clock.nowMs())

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

  const acceptsAdultContent = async (viewerId: string | undefined): Promise<boolean> =>
    viewerId !== undefined && (await preferences.of(viewerId)).sensitiveContent !== 'hide'

  /** The one decision about who may watch. */
  async function judge({ viewerId, country }: FileViewer, videoId: string) {
    const found = await repo.findVideo(db.orm, videoId)
    if (!found) throw new AppError('not_found')
    const { video, owner } = found
    const relation = await relations.of(viewerId, owner.id)
    const refusal = refusalOf(video, relation, clock.nowMs())
    const reason =
      !refusal &&
      ruleAgainst(video, {
        ...{ isPrivileged: isPrivileged(relation), country },
        acceptsAdultContent: !video.isAgeRestricted || (await acceptsAdultContent(viewerId)),
      })
    const ruledOut = reason ? new AppError('forbidden', RULE_MESSAGES[reason], { reason }) : undefined
    return { found, refusal: refusal ?? ruledOut, isOpen: isOpen(video, relation) }
  }

  return {
    ...createManaging(deps),

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

const RULE_MESSAGES = {
  age: 'This video is for adults: sign in, and allow sensitive content in your settings.',
  country: 'Its owner does not show this video in your country.',
}

const placeOfOut = ({ video }: repo.OwnedVideo) => ({
  at: video.publishedAt ?? video.createdAt,
  id: video.id,
})
