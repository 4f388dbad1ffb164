import { useQuery } from '@tanstack/react-query'
import { useApp } from '../../data/app.tsx'
import { apiQuery } from '../../data/use-api.ts'
import { useVideos } from '../video/tiles/video-grid.tsx'
import type { VideoCard } from '../video/tiles/video-tile.tsx'

/** The feed of short videos, the newest first; it begins with the one that somebody came for, as far as they may see it. */
export function useShorts(firstId: string | undefined) {
  const query = useVideos({ kind: 'shorts' })
  const { api } = useApp()
  const first = useQuery({
    ...apiQuery(api, 'get /api/videos/{videoId}', { params: { videoId: firstId ?? '' } }),
    enabled: firstId !== undefined,
  })
  const isSettled = firstId === undefined || !first.isPending
  const listed = query.data?.pages.flatMap((page) => page.videos) ?? []
  const begun = firstId === undefined ? undefined : cardOf(first.data?.video)
  const shorts = begun ? [begun, ...listed.filter(({ id }) => id !== begun.id)] : listed
  return { query, shorts, isPending: query.isPending || !isSettled }
}

type Video = Omit<VideoCard, 'publishedAt' | 'durationMs' | 'width' | 'height'> & {
  [K in 'publishedAt' | 'durationMs' | 'width' | 'height']: number | null
}

/** What is not out yet is in no feed. */
function cardOf(video: Video | undefined): VideoCard | undefined {
  if (!video) return undefined
  const { publishedAt, durationMs, width, height } = video
  if (publishedAt === null || durationMs === null || width === null || height === null) return undefined
  return { ...video, publishedAt, durationMs, width, height }
}
