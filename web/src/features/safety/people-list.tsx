import { useInfiniteQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { useApp } from '../../data/app.tsx'
import type { Response } from '../../data/use-api.ts'
import { safetyText } from '../../text/safety.ts'
import { Avatar } from '../../ui/avatar.tsx'
import { Button } from '../../ui/button.tsx'
import { LoadError } from '../../ui/notice.tsx'
import { LoadingNote, Skeleton } from '../../ui/skeleton.tsx'

type Source = 'get /api/account/blocks' | 'get /api/account/mutes' | 'get /api/account/follow-requests'
export type Listed = Response<Source>['people'][number]

type Props = { source: Source; empty: string; actions: (person: Listed) => ReactNode }

/** A list of people of one's own, page by page, each with what can be done about them. */
export function PeopleList({ source, empty, actions }: Props) {
  const { api } = useApp()
  const { data, error, refetch, hasNextPage, isFetchingNextPage, fetchNextPage } = useInfiniteQuery({
    queryKey: [source],
    queryFn: ({ pageParam }: { pageParam: string | undefined }): Promise<Response<Source>> =>
      api.request(source, { query: pageParam === undefined ? {} : { cursor: pageParam } }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.nextCursor ?? undefined,
  })
  if (error && !data) return <LoadError error={error} onRetry={() => void refetch()} />
  if (!data)
    return (
      <div className="flex flex-col gap-3">
        <LoadingNote />
        <Skeleton className="h-12" />
      </div>
    )
  const people = data.pages.flatMap((page) => page.people)
  if (people.length === 0) return <p className="text-text-2">{empty}</p>
  return (
    <>
      <ul className="flex flex-col gap-1">
        {people.map((person) => (
          <li key={person.id} className="flex flex-wrap items-center gap-3 py-2">
            <Avatar picture={person.avatar} handle={person.handle} name={person.displayName} />
            <div className="min-w-0 flex-1">
              <p className="truncate font-semibold">{person.displayName}</p>
              <p className="truncate text-sm text-text-2">@{person.handle}</p>
            </div>
            <div className="flex gap-2">{actions(person)}</div>
          </li>
        ))}
      </ul>
      {hasNextPage && (
        <Button isBusy={isFetchingNextPage} onClick={() => void fetchNextPage()} className="mt-3">
          {safetyText('more')}
        </Button>
      )}
    </>
  )
}
