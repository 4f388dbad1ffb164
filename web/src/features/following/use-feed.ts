import { type UseInfiniteQueryResult, useInfiniteQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useApp } from '../../data/app.tsx'
import { useTopic } from '../../data/use-topic.ts'
import {
  addPushed,
  addRead,
  type FeedItem,
  type FeedPage,
  type FeedPages,
  type Fresh,
  noneFresh,
  withBroadcasts,
  withFresh,
} from './feed-pages.ts'

export type Feed = {
  query: UseInfiniteQueryResult<FeedPages>
  /** What came since, the newest first; shown by `showFresh`. */
  fresh: readonly FeedItem[]
  showFresh: () => void
}

/** What the people do whom somebody follows: read page by page, and what is new held apart until it is asked for. */
export function useFeed(userId: string): Feed {
  const { api, queryClient } = useApp()
  const queryKey = ['feed', userId]
  const read = (cursor: string | undefined): Promise<FeedPage> =>
    api.request('get /api/feed', { query: cursor === undefined ? {} : { cursor } })
  const query = useInfiniteQuery<FeedPage, Error, FeedPages, string[], string | undefined>({
    queryKey,
    queryFn: ({ pageParam }) => read(pageParam),
    initialPageParam: undefined,
    getNextPageParam: (page) => page.nextCursor ?? undefined,
    // What is new comes by push; reading everything anew would move what somebody reads.
    staleTime: Number.POSITIVE_INFINITY,
  })
  const [fresh, setFresh] = useState<Fresh>(noneFresh)

  /** Into an empty list what is new goes by itself, as there is nothing that could move. */
  const take = (items: readonly FeedItem[], add: (fresh: Fresh, pages: FeedPages) => Fresh) => {
    const known = queryClient.getQueryData<FeedPages>(queryKey)
    if (!known) return
    const pages = withBroadcasts(known, items)
    if (pages.pages.some((page) => page.items.length > 0)) {
      queryClient.setQueryData(queryKey, pages)
      setFresh((before) => add(before, pages))
    } else queryClient.setQueryData(queryKey, withFresh(pages, add(noneFresh, pages)))
  }
  useTopic(`feed:${userId}`, {
    // What happened before the topic was joined is not pushed, so the beginning is read once more after each start.
    onStart: () => {
      read(undefined).then(
        (page) => take(page.items, (before, pages) => addRead(before, pages, page)),
        // The next start, or the next visit, finds it.
        () => {},
      )
    },
    onItems: (items) => take(items, (before, pages) => addPushed(before, pages, items)),
  })
  const showFresh = () => {
    const known = queryClient.getQueryData<FeedPages>(queryKey)
    if (known) queryClient.setQueryData(queryKey, withFresh(known, fresh))
    setFresh(noneFresh)
  }
  return { query, fresh: fresh.items, showFresh }
}
