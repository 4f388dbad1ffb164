import { type ReactNode, useEffect } from 'react'
import { useInView } from '../data/use-in-view.ts'
import { common } from '../text/common.ts'
import { Button } from './button.tsx'
import { LoadingNote } from './skeleton.tsx'

/** The state of a list that is read in pages, as react-query tells it. */
type Query = {
  isPending: boolean
  hasNextPage: boolean
  isFetching: boolean
  isFetchNextPageError: boolean
  fetchNextPage: () => Promise<unknown>
}

type Props = {
  query: Query
  /** So far before the end of the list comes into view the next page is read. */
  aheadPx: number
  failed: string
  /** What stands for an entry that is on its way. */
  skeleton: ReactNode
  end?: ReactNode
}

/** The end of a list: reads on before it is reached, and says where that failed. */
export function Older({ query, aheadPx, failed, skeleton, end = null }: Props) {
  const { isPending, hasNextPage, isFetching, isFetchNextPageError, fetchNextPage } = query
  const [ref, isNear] = useInView(aheadPx)
  const isDue = isNear && hasNextPage && !isFetching && !isFetchNextPageError
  useEffect(() => {
    if (isDue) void fetchNextPage()
  }, [isDue, fetchNextPage])
  if (isFetchNextPageError)
    return (
      <div role="alert" className="flex flex-col items-center gap-3 py-6 text-text-2">
        {failed}
        <Button onClick={() => void fetchNextPage()}>{common('retry')}</Button>
      </div>
    )
  if (!isPending && !hasNextPage) return end
  return (
    <div ref={ref}>
      <LoadingNote />
      {skeleton}
      {skeleton}
      {isPending && skeleton}
    </div>
  )
}
