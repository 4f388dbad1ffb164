import { useInfiniteQuery } from '@tanstack/react-query'
import { useApp } from '../../data/app.tsx'

type Page = { nextCursor: string | null }

/** A list that is read page by page; `read` gets the cursor of the page before. */
export function usePages<P extends Page>(
  queryKey: readonly unknown[],
  read: (cursor: { cursor?: string }) => Promise<P>,
) {
  const { queryClient } = useApp()
  const query = useInfiniteQuery({
    queryKey,
    queryFn: ({ pageParam }: { pageParam: string | undefined }) =>
      read(pageParam === undefined ? {} : { cursor: pageParam }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.nextCursor ?? undefined,
  })
  return {
    pages: query.data?.pages,
    error: query.data ? undefined : query.error,
    retry: () => void queryClient.invalidateQueries({ queryKey }),
    more: query.hasNextPage
      ? { isBusy: query.isFetchingNextPage, load: () => void query.fetchNextPage() }
      : undefined,
  }
}

export type Pages<P extends Page> = ReturnType<typeof usePages<P>>
