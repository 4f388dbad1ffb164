import { useInfiniteQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { useApp } from '../../../data/app.tsx'
import type { Response } from '../../../data/use-api.ts'
import { videoText } from '../../../text/video.ts'
import { LoadError } from '../../../ui/notice.tsx'
import { Older } from '../../../ui/older.tsx'
import { shareOf, usePositions } from '../../history/use-positions.ts'
import { VideoTile, VideoTileSkeleton } from './video-tile.tsx'

type Page = Response<'get /api/videos'>

/** Two rows of tiles before they come into view. */
const AHEAD_PX = 800

type Wanted = { handle?: string; kind?: 'videos' | 'shorts' }

/** Public videos, or those of a channel, the newest first. */
export function useVideos({ handle, kind }: Wanted = {}) {
  const { api } = useApp()
  const read = (cursor: string | undefined): Promise<Page> => {
    const query = { ...(cursor !== undefined && { cursor }), ...(kind && { kind }) }
    return handle === undefined
      ? api.request('get /api/videos', { query })
      : api.request('get /api/accounts/{handle}/videos', { params: { handle }, query })
  }
  return useInfiniteQuery({
    queryKey: ['videos', handle ?? '', kind ?? ''],
    queryFn: ({ pageParam }) => read(pageParam),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.nextCursor ?? undefined,
  })
}

const videoIdsOf = (pages: readonly Page[] = []) => pages.flatMap(({ videos }) => videos.map(({ id }) => id))

type Props = { query: ReturnType<typeof useVideos>; isOfChannel?: boolean; empty?: ReactNode }

/** Reads on before its end comes into view. */
export function VideoGrid({ query, isOfChannel = false, empty = null }: Props) {
  const { data, error, refetch } = query
  const positions = usePositions(videoIdsOf(data?.pages))
  if (error && !data) return <LoadError error={error} onRetry={() => void refetch()} />
  const videos = data?.pages.flatMap((page) => page.videos) ?? []
  if (data && videos.length === 0) return empty
  return (
    <div className="grid grid-cols-[repeat(auto-fill,minmax(min(100%,290px),1fr))] gap-x-5 gap-y-9">
      {videos.map((video) => (
        <VideoTile
          key={video.id}
          video={video}
          isOfChannel={isOfChannel}
          watchedShare={shareOf(positions.get(video.id))}
        />
      ))}
      <Older
        query={query}
        aheadPx={AHEAD_PX}
        failed={videoText('moreFailed')}
        skeleton={<VideoTileSkeleton />}
      />
    </div>
  )
}
