import { AppError } from '../../core/errors.ts'
import type { VideosService } from '../videos/videos.service.ts'
import type { ReadCards, WatchedVideo, Watcher } from './views.service.ts'

type Asker = Pick<Watcher, 'viewer' | 'country'>
type Video = Awaited<ReturnType<VideosService['watch']>>
type Card = Awaited<ReturnType<ReadCards>>[number]

/** What views ask of videos: the one decision about who may watch, and cards of what somebody watched. */
export function watchingOf(videos: Pick<VideosService, 'watch'>) {
  return {
    async mustSee(asker: Asker, videoId: string): Promise<WatchedVideo> {
      const { owner, durationMs } = await videos.watch(asker, videoId)
      if (durationMs === null) throw new AppError('not_found')
      return { ownerId: owner.id, durationMs }
    },

    /** A page of them at most: each is judged as though it was opened. */
    async cards(asker: Asker, videoIds: readonly string[]): Promise<Card[]> {
      const seen = await Promise.all(
        videoIds.map((videoId) => videos.watch(asker, videoId).catch(undefinedWhereRefused)),
      )
      return seen.flatMap((video) => (video ? cardOf(video) : []))
    },
  }
}

function undefinedWhereRefused(error: unknown): undefined {
  if (!(error instanceof AppError) || !['not_found', 'forbidden'].includes(error.code)) throw error
}

/** What its owner or staff watched before it came out has no card yet. */
function cardOf({ publishedAt, durationMs, width, height, ...video }: Video): Card[] {
  if (publishedAt === null || durationMs === null || width === null || height === null) return []
  return [{ ...video, publishedAt, durationMs, width, height }]
}
