import { useInfiniteQuery } from '@tanstack/react-query'
import { ShieldBan } from 'lucide-react'
import { useState } from 'react'
import { useApp } from '../../data/app.tsx'
import { useCall } from '../../data/calls/use-call.ts'
import { errorText } from '../../data/error-text.ts'
import type { Response } from '../../data/use-api.ts'
import { formatExact } from '../../format/time.ts'
import { bansText } from '../../text/chat.ts'
import { Avatar } from '../../ui/avatar.tsx'
import { Button } from '../../ui/button.tsx'
import { LoadError } from '../../ui/notice.tsx'
import { Dialog } from '../../ui/overlay/dialog.tsx'
import { useToast } from '../../ui/overlay/toasts.tsx'
import { LoadingNote, Skeleton } from '../../ui/skeleton.tsx'
import { banListKey } from '../chat/use-moderation.ts'
import type { Stream } from '../watch/stream-state.ts'

type Page = Response<'get /api/streams/{handle}/bans'>
type Ban = Page['bans'][number]

/** A button that shows who is banned from one's channel. */
export function BannedPeople({ stream }: { stream: Stream }) {
  const [isOpen, setIsOpen] = useState(false)
  return (
    <>
      <Button look="ghost" icon={ShieldBan} onClick={() => setIsOpen(true)}>
        {bansText('title')}
      </Button>
      <Dialog isOpen={isOpen} onOpenChange={setIsOpen} title={bansText('title')} hint={bansText('hint')}>
        <BanList stream={stream} />
      </Dialog>
    </>
  )
}

function BanList({ stream }: { stream: Stream }) {
  const { query, refetch } = useBanList(stream.owner.handle)
  const { data, error, hasNextPage, isFetchingNextPage, fetchNextPage } = query
  if (error && !data) return <LoadError error={error} onRetry={refetch} />
  if (!data) return <BanListSkeleton />
  const bans = data.pages.flatMap((page) => page.bans)
  if (bans.length === 0) return <p className="py-4 text-pretty text-text-2">{bansText('empty')}</p>
  return (
    <>
      <ul className="flex flex-col gap-1">
        {bans.map((ban) => (
          <BanRow key={ban.account.id} ban={ban} streamId={stream.id} onUnbanned={refetch} />
        ))}
      </ul>
      {hasNextPage && (
        <Button isBusy={isFetchingNextPage} onClick={() => void fetchNextPage()} className="mt-3">
          {bansText('more')}
        </Button>
      )}
    </>
  )
}

function useBanList(handle: string) {
  const { api, queryClient } = useApp()
  const queryKey = banListKey(handle)
  const query = useInfiniteQuery({
    queryKey,
    queryFn: ({ pageParam }: { pageParam: string | undefined }): Promise<Page> => {
      const input = { params: { handle }, query: pageParam === undefined ? {} : { cursor: pageParam } }
      return api.request('get /api/streams/{handle}/bans', input)
    },
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.nextCursor ?? undefined,
  })
  return { query, refetch: () => void queryClient.invalidateQueries({ queryKey }) }
}

function BanRow({ ban, streamId, onUnbanned }: { ban: Ban; streamId: string; onUnbanned: () => void }) {
  const { account, until, reason } = ban
  const name = account.displayName
  const unban = useCall('channel:unban')
  const toast = useToast()
  const onClick = () =>
    unban.mutate(
      { streamId, accountId: account.id },
      {
        onSuccess: () => {
          toast({ title: bansText('unbanned', { name }) })
          onUnbanned()
        },
        onError: (error) => toast({ title: errorText(error), tone: 'danger' }),
      },
    )
  return (
    <li className="flex items-center gap-3 py-2">
      <Avatar handle={account.handle} name={name} picture={account.avatar} />
      <div className="min-w-0 flex-1">
        <p className="truncate font-semibold">
          {name} <span className="font-normal text-text-3">@{account.handle}</span>
        </p>
        <p className="text-sm text-text-2">
          {until === null ? bansText('forEver') : bansText('untilThen', { when: formatExact(until) })}
        </p>
        {reason && <p className="text-sm wrap-anywhere text-text-2">{reason}</p>}
      </div>
      <Button
        size="sm"
        isBusy={unban.isPending}
        aria-label={bansText('unbanName', { name })}
        onClick={onClick}
      >
        {bansText('unban')}
      </Button>
    </li>
  )
}

function BanListSkeleton() {
  return (
    <div className="flex flex-col gap-3">
      <LoadingNote />
      {[1, 2, 3].map((row) => (
        <Skeleton key={row} className="h-12" />
      ))}
    </div>
  )
}
