import { useBlocker } from '@tanstack/react-router'
import type { Account } from '../../data/use-session.ts'
import { useTitle } from '../../data/use-title.ts'
import { studio } from '../../text/studio.ts'
import { LoadError } from '../../ui/notice.tsx'
import { Confirm } from '../../ui/overlay/confirm.tsx'
import { LoadingNote, Skeleton } from '../../ui/skeleton.tsx'
import type { Stream } from '../watch/stream-state.ts'
import { useStream } from '../watch/use-stream.ts'
import { useCapture } from './capture/use-capture.ts'
import { OnAir } from './on-air.tsx'
import { Prepare } from './prepare.tsx'
import { studioGridClass } from './studio-grid.ts'
import { useBroadcast } from './use-broadcast.ts'

export function StudioPage({ account }: { account: Account }) {
  useTitle(studio('title'))
  const { data, error, refetch } = useStream(account.handle)
  if (error && !data) return <LoadError error={error} onRetry={() => void refetch()} />
  return data ? <Studio stream={data.stream} /> : <StudioSkeleton />
}

function Studio({ stream }: { stream: Stream }) {
  const capture = useCapture()
  const own = useBroadcast(stream, capture)
  const isSending = ['connecting', 'live', 'reconnecting'].includes(own.sender.state)
  return (
    <>
      {own.current ? (
        <OnAir stream={stream} broadcast={own.current} own={own} capture={capture} />
      ) : (
        <Prepare stream={stream} own={own} capture={capture} />
      )}
      <LeaveGuard isOnAir={isSending && own.current !== undefined} />
    </>
  )
}

/** Leaving the page stops the picture: the browser asks on closing, we ask on going elsewhere. */
function LeaveGuard({ isOnAir }: { isOnAir: boolean }) {
  const { status, proceed, reset } = useBlocker({
    shouldBlockFn: () => isOnAir,
    enableBeforeUnload: () => isOnAir,
    withResolver: true,
  })
  return (
    <Confirm
      isOpen={status === 'blocked'}
      title={studio('leaveTitle')}
      hint={studio('leaveHint')}
      confirm={studio('leaveConfirm')}
      keep={studio('leaveKeep')}
      onConfirm={() => proceed?.()}
      onClose={() => reset?.()}
    />
  )
}

function StudioSkeleton() {
  return (
    <div className={studioGridClass}>
      <LoadingNote />
      <div>
        <Skeleton className="aspect-video max-md:rounded-none! md:rounded-md!" />
        <Skeleton className="mx-4 mt-4 h-11 w-56 md:mx-0" />
      </div>
      <div className="flex flex-col gap-4 px-4 md:px-0">
        <Skeleton className="h-7 w-40" />
        <Skeleton className="h-11" />
        <Skeleton className="h-11" />
        <Skeleton className="h-12 rounded-full!" />
      </div>
    </div>
  )
}
