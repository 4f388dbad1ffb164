import { AppError } from '../../core/errors.ts'
import { fromCursor, toPage } from '../../core/paging/cursor.ts'
import type { Viewer } from '../../core/viewer.ts'
import type { FileView, FileViewer } from '../playback/playback.service.ts'
import type { PreferencesService } from '../preferences/preferences.service.ts'
import { mayView, mustBeShown, type Relation, type Relations, sightOf } from '../safety/visibility.service.ts'
import { createManaging, type ManagingDeps } from './managing/managing.ts'
import { currentPremiere, premiereVersion } from './rules/premieres.ts'
import { ruleAgainst } from './rules/rules.ts'
import { listedFor } from './rules/videos.visibility.ts'
import { cutOf } from './trimming/cuts.ts'
import * as repo from './videos.repo.ts'
import { posterFolder, posterOnly, toCard, toVideo } from './videos.shapes.ts'
import { createJudging, type Judged } from './watching/videos.judging.ts'
import { listRelated } from './watching/videos.related.ts'
import { createShowing, type Watcher } from './watching/videos.showing.ts'

/** A screen of cards and a half. */
const CARDS_ROWS = 24
/** A list has nothing in it that is not for whoever asks for it; that a video is for adults is said on its card. */
const OF_LISTS = { isPrivileged: false, acceptsAdultContent: true, hasPaid: true }
/** Three rows of a wide screen: what is announced stands above what can be watched. */
const PREMIERES_MAX = 12

export type VideosDeps = ManagingDeps & {
  relations: Relations
  preferences: Pick<PreferencesService, 'of'>
  /** The stream of an account, whose chat goes with its premieres. */
  streamOf: (ownerId: string) => Promise<string | undefined>
}

export type { Watcher } from './watching/videos.showing.ts'

type Page = { cursor?: string | undefined; kind?: repo.Kind }

export { removeVideoFiles } from './videos.queue.ts'
export { posterFolder } from './videos.shapes.ts'

/** Videos as people see them and as their owners look after them. Files come by `createUploads`. */
export function createVideosService(deps: VideosDeps) {
  const { db, relations, clock, addressesOf, streamOf } = deps
  const judging = createJudging(deps)
  const { judge, isOpen } = judging
  const now = () => new Date(clock.nowMs())

  const cardsOf = (
    rows: readonly repo.OwnedVideo[],
    { viewer, country }: Watcher,
    relation: Pick<Relation, 'isPrivate'>,
  ) =>
    rows
      .filter(({ video }) => ruleAgainst(video, { ...OF_LISTS, country }) === undefined)
      .map(({ video, owner }) => {
        const audience = {
          viewer: { viewerId: viewer.account?.id, country },
          isOpen: isOpen(video, relation),
        }
        const addresses = addressesOf(video, audience)
        return toCard(video, owner, currentPremiere(video, clock.nowMs()) ? posterOnly(addresses) : addresses)
      })

  /** What a page needs to know of a premiere; null where it is none, or over. */
  async function premiereOf({ found: { video, owner }, hasChat }: Judged) {
    const premiere = currentPremiere(video, clock.nowMs())
    if (!premiere) return null
    const chatStreamId = (hasChat && (await streamOf(owner.id))) || null
    return { ...premiere, chatStreamId, version: premiereVersion(video) }
  }

  /** The owner of a channel whose videos somebody asks for. Errors: `not_found`, `forbidden` with `{ reason: 'blocked' | 'private' }`. */
  async function channelOf({ viewer: { account } }: Watcher, handle: string) {
    const owner = await repo.findOwner(db.orm, handle)
    if (!owner) throw new AppError('not_found')
    const relation = await relations.of(account?.id, owner.id)
    mustBeShown(sightOf(relation))
    if (!mayView(relation, 'all'))
      throw new AppError('forbidden', 'This account is private.', { reason: 'private' })
    return { owner, relation }
  }

  return {
    ...{ ...createManaging(deps), ...createShowing(judging, addressesOf) },

    /** A video to be watched. Errors: `not_found`, `forbidden` with `{ reason: 'blocked' }` or that of a rule. */
    async watch({ viewer: { account }, country }: Watcher, videoId: string) {
      const viewer = { viewerId: account?.id, country }
      const judged = await judge(viewer, videoId)
      const { found, refusal, isOpen, shutUntil } = judged
      if (refusal) throw refusal
      const [parts, premiere] = await Promise.all([repo.readParts(db.orm, videoId), premiereOf(judged)])
      const addresses = addressesOf(found.video, { viewer, isOpen })
      return toVideo(found, { ...parts, premiere, isShut: shutUntil !== undefined }, addresses)
    },

    /** How somebody sees its files. Errors: `not_found`. */
    async files(viewer: FileViewer, videoId: string): Promise<FileView> {
      const { found, refusal, isOpen, shutUntil } = await judge(viewer, videoId)
      const { video } = found
      const folders = { runId: video.runId, posterFolder: posterFolder(video) }
      return { refusal, isOpen, shutUntil, ...folders, cut: cutOf(video) }
    },

    /** Whether viewers see the pages of videos, premieres that wait too. */
    async pagesSeen(viewers: readonly Viewer[], videoIds: readonly string[]) {
      const seen = new Set<string>()
      const look = async ({ id, account, origin }: Viewer) => {
        const judged = await judging.judgeAll({ viewerId: account?.id, country: origin?.country }, videoIds)
        for (const [videoId, { refusal }] of judged) if (!refusal) seen.add(`${id} ${videoId}`)
      }
      await Promise.all(viewers.map(look))
      return (viewerId: string, videoId: string) => seen.has(`${viewerId} ${videoId}`)
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

    /** Premieres to come: public ones, or those of a channel. Errors: as of `ofChannel` where one is named. */
    async premieres(watcher: Watcher, handle: string | undefined) {
      const channel = handle === undefined ? undefined : await channelOf(watcher, handle)
      const asked = {
        ...{ ownerId: channel?.owner.id, now: now(), limit: PREMIERES_MAX },
        visibilities: channel ? listedFor(channel.relation) : (['public'] as const),
      }
      const rows = await repo.listPremieres(db.orm, watcher.viewer.account?.id, asked)
      return { premieres: cardsOf(rows, watcher, channel?.relation ?? PUBLIC) }
    },

    /** What a channel lists. Errors: `not_found`, `forbidden` with `{ reason: 'blocked' | 'private' }`. */
    async ofChannel(watcher: Watcher, handle: string, { cursor, kind }: Page) {
      const { owner, relation } = await channelOf(watcher, handle)
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
