import type { ReactNode } from 'react'
import { adminText } from '../../text/admin.ts'
import { Button } from '../../ui/button.tsx'
import { LoadError } from '../../ui/notice.tsx'
import { LoadingNote, Skeleton } from '../../ui/skeleton.tsx'
import type { Pages } from './use-pages.ts'

type Props<P extends { nextCursor: string | null }> = {
  pages: Pages<P>
  /** The rows of all pages; what stands in place of none is `empty`. */
  rows: ReactNode[]
  empty: ReactNode
}

/** A list with its states: being read, failed, empty, and with more to come. */
export function PagedList<P extends { nextCursor: string | null }>({ pages, rows, empty }: Props<P>) {
  if (pages.error) return <LoadError error={pages.error} onRetry={pages.retry} />
  if (!pages.pages) return <ListSkeleton />
  if (rows.length === 0) return empty
  return (
    <>
      <ul className="divide-y divide-line">{rows}</ul>
      {pages.more && (
        <Button isBusy={pages.more.isBusy} onClick={pages.more.load} className="mt-4">
          {adminText('more')}
        </Button>
      )}
    </>
  )
}

export function ListSkeleton() {
  return (
    <div className="flex flex-col gap-3 py-3">
      <LoadingNote />
      {[1, 2, 3, 4].map((row) => (
        <Skeleton key={row} className="h-14" />
      ))}
    </div>
  )
}
