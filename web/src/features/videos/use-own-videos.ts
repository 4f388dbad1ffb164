import { type InfiniteData, useInfiniteQuery } from '@tanstack/react-query'
import type { TopicItem } from '../../../../src/contract/index.ts'
import { useApp } from '../../data/app.tsx'
import type { Response } from '../../data/use-api.ts'
import { useAccount } from '../../data/use-session.ts'
import { useTopic } from '../../data/use-topic.ts'

type Page = Response<'get /api/videos/mine'>
export type OwnVideo = Page['videos'][number]
type Pages = InfiniteData<Page, string | undefined>
type Told = TopicItem<'video-manager:'>

const KEY = ['get /api/videos/mine'] as const

/** One's own videos in every state, the newest first; kept up by what is pushed. */
export function useOwnVideos() {
  const { api, queryClient } = useApp()
  const account = useAccount()
  const query = useInfiniteQuery({
    queryKey: KEY,
    queryFn: ({ pageParam }: { pageParam: string | undefined }) =>
      api.request('get /api/videos/mine', { query: pageParam === undefined ? {} : { cursor: pageParam } }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.nextCursor ?? undefined,
  })
  const hear = (items: readonly Told[]) => {
    const newest = items.at(-1)
    const pages = newest && queryClient.getQueryData<Pages>(KEY)
    if (!newest || !pages) return
    queryClient.setQueryData<Pages>(KEY, withTold(pages, newest))
    // One that began elsewhere: where it stands in the list, the server knows.
    if (hasUnknown(pages, newest)) void queryClient.invalidateQueries({ queryKey: KEY })
  }
  useTopic(account ? `video-manager:${account.id}` : undefined, { onItems: hear, onStart: hear })
  return {
    query,
    videos: query.data?.pages.flatMap((page) => page.videos),
    /** Puts one as it is now in the place of what was read. */
    put: (video: OwnVideo) =>
      queryClient.setQueryData<Pages>(
        KEY,
        (pages) => pages && withTold(pages, { videos: [video], deletedIds: [] }),
      ),
    take: (videoId: string) =>
      queryClient.setQueryData<Pages>(
        KEY,
        (pages) => pages && withTold(pages, { videos: [], deletedIds: [videoId] }),
      ),
    reload: () => void queryClient.invalidateQueries({ queryKey: KEY }),
  }
}

function withTold(pages: Pages, { videos, deletedIds }: Told): Pages {
  const told = new Map(videos.map((video) => [video.id, video]))
  return {
    ...pages,
    pages: pages.pages.map((page) => ({
      ...page,
      videos: page.videos
        .filter(({ id }) => !deletedIds.includes(id))
        .map((video) => told.get(video.id) ?? video),
    })),
  }
}

function hasUnknown({ pages }: Pages, { videos }: Told): boolean {
  const known = new Set(pages.flatMap((page) => page.videos.map(({ id }) => id)))
  const oldest = pages.at(-1)?.videos.at(-1)?.createdAt ?? 0
  return videos.some(({ id, createdAt }) => !known.has(id) && createdAt >= oldest)
}
