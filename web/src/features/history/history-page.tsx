import { useInfiniteQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { History, X } from 'lucide-react'
import { useState } from 'react'
import { useApp } from '../../data/app.tsx'
import { type Response, useApi, useApiChange } from '../../data/use-api.ts'
import { useNow } from '../../data/use-now.ts'
import { useTitle } from '../../data/use-title.ts'
import { formatLength } from '../../format/time.ts'
import { common } from '../../text/common.ts'
import { historyText } from '../../text/history.ts'
import { videoText } from '../../text/video.ts'
import { Button, IconButton } from '../../ui/button.tsx'
import { TimeAgo } from '../../ui/inline/time-ago.tsx'
import { LoadError, Notice } from '../../ui/notice.tsx'
import { Older } from '../../ui/older.tsx'
import { Confirm } from '../../ui/overlay/confirm.tsx'
import { Skeleton } from '../../ui/skeleton.tsx'
import { VideoPoster } from '../video/tiles/poster.tsx'
import { ProgressLine } from './progress-line.tsx'
import { shareOf } from './use-positions.ts'

type Page = Response<'get /api/history'>
type Entry = Page['entries'][number]

const MINUTE_MS = 60_000
/** Some rows before they come into view. */
const AHEAD_PX = 600
const KEY = ['get /api/history']

/** What one watched, the last first. */
export function HistoryPage() {
  useTitle(historyText('title'))
  const { api } = useApp()
  const query = useInfiniteQuery({
    queryKey: KEY,
    queryFn: ({ pageParam }): Promise<Page> =>
      api.request('get /api/history', { query: pageParam === undefined ? {} : { cursor: pageParam } }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.nextCursor ?? undefined,
  })
  const { data, error, refetch } = query
  if (error && !data) return <LoadError error={error} onRetry={() => void refetch()} />
  const entries = data?.pages.flatMap((page) => page.entries) ?? []
  const isEmpty = data !== undefined && entries.length === 0 && !query.hasNextPage
  return (
    <div className="mx-auto w-full max-w-[860px] px-4 py-6">
      <div className="mb-5 flex flex-wrap items-center gap-2">
        <h1 className="mr-auto text-xl font-bold">{historyText('title')}</h1>
        <PauseButton />
        {!isEmpty && <ClearButton onCleared={() => void refetch()} />}
      </div>
      <PausedNote />
      {isEmpty ? (
        <Notice
          className="pt-[10vh]"
          art={<History aria-hidden size={48} className="text-text-3" />}
          title={historyText('emptyTitle')}
          hint={historyText('emptyHint')}
        />
      ) : (
        <ul className="flex flex-col gap-4">
          {entries.map((entry) => (
            <Row key={entry.video.id} entry={entry} onRemoved={() => void refetch()} />
          ))}
          <Older
            query={query}
            aheadPx={AHEAD_PX}
            failed={historyText('moreFailed')}
            skeleton={<RowSkeleton />}
          />
        </ul>
      )}
    </div>
  )
}

const rowClass = 'grid grid-cols-[minmax(120px,220px)_minmax(0,1fr)_auto] gap-4'

function Row({ entry, onRemoved }: { entry: Entry; onRemoved: () => void }) {
  const { video, watchedAt, positionMs, isFinished } = entry
  const nowMs = useNow(MINUTE_MS)
  const removal = useApiChange('delete /api/history/{videoId}')
  const share = shareOf({ videoId: video.id, durationMs: video.durationMs, positionMs, isFinished })
  const remove = () => removal.mutate({ params: { videoId: video.id } }, { onSuccess: onRemoved })
  return (
    <li className={rowClass} data-testid="history-entry">
      <VideoPoster video={video} sizes="220px" className="aspect-video">
        <ProgressLine share={share} />
      </VideoPoster>
      <div className="min-w-0">
        <h2 className="line-clamp-2 text-base font-semibold">
          <Link
            to="/watch/$videoId"
            params={{ videoId: video.id }}
            aria-label={videoText('watchName', {
              title: video.title,
              duration: formatLength(video.durationMs),
            })}
            className="hover:underline"
          >
            {video.title}
          </Link>
        </h2>
        <p className="mt-1 truncate text-text-2">{video.owner.displayName}</p>
        <p className="truncate text-text-3">
          <TimeAgo atMs={watchedAt} nowMs={nowMs} />
        </p>
      </div>
      <IconButton
        icon={X}
        label={historyText('remove', { title: video.title })}
        disabled={removal.isPending}
        onClick={remove}
      />
    </li>
  )
}

const RowSkeleton = () => (
  <li className={rowClass}>
    <Skeleton className="aspect-video rounded-md!" />
    <div>
      <Skeleton className="h-5" />
      <Skeleton className="mt-2 h-4 w-1/2" />
    </div>
  </li>
)

function usePause() {
  const { data, refetch } = useApi('get /api/preferences')
  const change = useApiChange('patch /api/preferences')
  const keeps = data?.preferences.keepsHistory
  const toggle = () => change.mutate({ body: { keepsHistory: !keeps } }, { onSuccess: () => void refetch() })
  return { keeps, toggle, isPending: change.isPending }
}

function PauseButton() {
  const { keeps, toggle, isPending } = usePause()
  if (keeps === undefined) return null
  return (
    <Button disabled={isPending} onClick={toggle}>
      {historyText(keeps ? 'pause' : 'resume')}
    </Button>
  )
}

function PausedNote() {
  const { keeps } = usePause()
  if (keeps !== false) return null
  return (
    <p role="status" className="mb-4 rounded-md bg-surface-2 px-4 py-3 text-text-2">
      {historyText('paused')}
    </p>
  )
}

function ClearButton({ onCleared }: { onCleared: () => void }) {
  const [isAsking, setIsAsking] = useState(false)
  const clearing = useApiChange('delete /api/history')
  return (
    <>
      <Button look="danger" disabled={clearing.isPending} onClick={() => setIsAsking(true)}>
        {historyText('clear')}
      </Button>
      <Confirm
        isOpen={isAsking}
        title={historyText('clearTitle')}
        hint={historyText('clearHint')}
        confirm={historyText('clear')}
        keep={common('cancel')}
        onConfirm={() => clearing.mutate({}, { onSuccess: onCleared })}
        onClose={() => setIsAsking(false)}
      />
    </>
  )
}
