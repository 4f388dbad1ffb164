import type { z } from 'zod'
import type { PersonRow } from '../../../drizzle/schema/accounts.ts'
import type { RouteResponse } from '../../contract/index.ts'
import type { ManagedVideo, VideoCard } from '../../contract/videos.ts'
import { cutOf, cutOfRun } from './trimming/cuts.ts'
import type { ManagedRow, readParts, VideoRow } from './videos.repo.ts'

/** Where the files of a video are asked for by one viewer; for what is not public, under a grant that ends. */
export type MediaAddresses = {
  hlsUrl: string
  dashUrl: string
  storyboardUrl: string | null
  previewUrl: string | null
  /** The folder of its poster: `{240|480|800|1280}.{avif|webp|jpg}`. */
  posterUrl: string | null
  /** Of captions by their key. */
  captionUrl(key: string): string
  expiresAt: number | null
}

/** The folder of its poster among the files of a video. */
export const posterFolder = ({ posterId, posterChoice }: Pick<VideoRow, 'posterId' | 'posterChoice'>) =>
  `posters/${posterId ?? posterChoice ?? 0}/`

/** What there is of a video before its premiere. */
export const posterOnly = (media: MediaAddresses | undefined): MediaAddresses | undefined =>
  media && { ...media, previewUrl: null }

type Card = z.output<typeof VideoCard>
type Video = RouteResponse<'getVideo'>['video']
type VideoParts = Awaited<ReturnType<typeof readParts>> & {
  premiere: Video['premiere']
  /** Its files are shut to who sees it. */
  isShut: boolean
}
type Managed = z.output<typeof ManagedVideo>

const ms = (at: Date | null): number | null => at?.getTime() ?? null

const common = (video: VideoRow, owner: PersonRow, media: MediaAddresses | undefined) => ({
  ...{ id: video.id, owner, title: video.title, visibility: video.visibility },
  ...{ isShort: video.isShort, isAgeRestricted: video.isAgeRestricted, thumbhash: video.thumbhash },
  ...{ views: video.viewsCount, posterUrl: media?.posterUrl ?? null, previewUrl: media?.previewUrl ?? null },
})

/** Of one that is out. */
export function toCard(video: VideoRow, owner: PersonRow, media: MediaAddresses | undefined): Card {
  const { publishedAt, durationMs, width, height } = video
  if (!publishedAt || durationMs === null || width === null || height === null)
    throw new Error(`The video ${video.id} is listed and has not come out.`)
  return { ...common(video, owner, media), publishedAt: publishedAt.getTime(), durationMs, width, height }
}

export function toVideo(
  { video, owner }: { video: VideoRow; owner: PersonRow },
  { captions, chapters, premiere, isShut }: VideoParts,
  addresses: MediaAddresses | undefined,
): Video {
  const media = isShut ? undefined : addresses
  return {
    ...{ ...common(video, owner, isShut ? posterOnly(addresses) : addresses), premiere },
    ...{ publishedAt: ms(video.publishedAt), durationMs: video.durationMs },
    ...{ width: video.width, height: video.height, state: video.state, description: video.description },
    ...{ tags: video.tags, category: video.category as Video['category'], language: video.language },
    ...{ areCommentsOn: video.areCommentsOn, likes: video.likesCount, chapters },
    media: media ? toMedia(media) : null,
    captions: media
      ? captions.map(({ id, language, label, kind, key }) => ({
          ...{ id, language, label, kind },
          url: media.captionUrl(key),
        }))
      : [],
  }
}

const toMedia = ({ hlsUrl, dashUrl, storyboardUrl, previewUrl, expiresAt }: MediaAddresses) => ({
  ...{ hlsUrl, dashUrl, storyboardUrl, previewUrl, expiresAt },
})

export function toManaged(
  { video, run, offsetBytes }: ManagedRow,
  media: MediaAddresses | undefined,
): Managed {
  const { id, title, description, tags, language, visibility, state, posterChoice, thumbhash } = video
  const { isAgeRestricted, allowedCountries, deniedCountries, areCommentsOn } = video
  const { durationMs, width, height, isShort, viewsCount: views, likesCount: likes } = video
  return {
    ...{ id, title, description, tags, language, visibility, state, posterChoice, thumbhash },
    posterOptions: video.posterHashes,
    ...{ isAgeRestricted, allowedCountries, deniedCountries, areCommentsOn },
    ...{ durationMs, width, height, fps: video.fps, isShort, views, likes },
    trim: trimOf(video),
    category: video.category as Managed['category'],
    posterUrl: media?.posterUrl ?? null,
    publishedAt: ms(video.publishedAt),
    scheduledFor: ms(video.scheduledFor),
    isPremiere: video.isPremiere,
    createdAt: video.createdAt.getTime(),
    run: run && toRun(run, offsetBytes),
  }
}

function trimOf(video: VideoRow): Managed['trim'] {
  const cut = cutOf(video)
  return cut && video.wholeMs !== null ? { ...cut, wholeMs: video.wholeMs } : null
}

function toRun(run: NonNullable<ManagedRow['run']>, offsetBytes: number | null): NonNullable<Managed['run']> {
  const { id, state, fileName, stage, percent, sizeBytes, failureCode, failureMessage } = run
  return {
    ...{ id, state, fileName, stage, percent, sizeBytes, receivedBytes: offsetBytes ?? sizeBytes },
    trim: cutOfRun(run) ?? null,
    failure:
      failureCode === null || failureMessage === null ? null : { code: failureCode, message: failureMessage },
  }
}
