import { AppError } from '../../../core/errors.ts'
import type { Viewer } from '../../../core/viewer.ts'
import type { FileViewer } from '../../playback/playback.service.ts'
import type { VideoRow } from '../videos.repo.ts'
import { type MediaAddresses, toCard } from '../videos.shapes.ts'
import type { Judged, Judging } from './videos.judging.ts'

/** Who watches from where. */
export type Watcher = { viewer: Viewer; country: string | undefined }

/** A video as whoever counts its views needs it. */
type WatchedVideo = { ownerId: string; durationMs: number }

type AddressesOf = (
  video: VideoRow,
  audience: { viewer: FileViewer; isOpen: boolean },
) => MediaAddresses | undefined

/** Somebody of whom nothing is known. */
const ANYBODY: FileViewer = { viewerId: undefined, country: undefined }

/** Videos for other features: each is judged as though it was opened. */
export function createShowing({ judge, judgeAll }: Judging, addressesOf: AddressesOf) {
  // What waits for its premiere has a page, and nothing to be put into a list.
  const cardsOf = (viewer: FileViewer, { found, refusal, isOpen, shutUntil }: Judged) =>
    refusal || shutUntil !== undefined || !isCard(found.video)
      ? []
      : [toCard(found.video, found.owner, addressesOf(found.video, { viewer, isOpen }))]

  return {
    /** Errors: `not_found`, also where there is nothing to watch yet; `forbidden` with `{ reason }`. */
    async mustSee({ viewer: { account }, country }: Watcher, videoId: string): Promise<WatchedVideo> {
      const { found, refusal, shutUntil } = await judge({ viewerId: account?.id, country }, videoId)
      if (refusal) throw refusal
      const { durationMs } = found.video
      if (durationMs === null || shutUntil !== undefined) throw new AppError('not_found')
      return { ownerId: found.owner.id, durationMs }
    },

    /** Those of the videos that somebody may watch and that have a time to come out, as they are given. */
    async cards({ viewer: { account }, country }: Watcher, videoIds: readonly string[]) {
      if (videoIds.length === 0) return []
      const viewer = { viewerId: account?.id, country }
      const judged = await judgeAll(viewer, videoIds)
      return videoIds.flatMap((videoId) => {
        const one = judged.get(videoId.toLowerCase())
        return one ? cardsOf(viewer, one) : []
      })
    },

    /** A video that is open to everybody, as links to it tell of it elsewhere; undefined for every other. */
    async open(videoId: string) {
      const judged = (await judgeAll(ANYBODY, [videoId])).get(videoId.toLowerCase())
      if (!judged?.isOpen) return undefined
      const [card] = cardsOf(ANYBODY, judged)
      return card && { ...card, description: judged.found.video.description }
    },
  }
}

/** What its owner or staff see before it came out has no card yet. */
const isCard = ({ publishedAt, durationMs, width, height }: VideoRow): boolean =>
  publishedAt !== null && durationMs !== null && width !== null && height !== null
