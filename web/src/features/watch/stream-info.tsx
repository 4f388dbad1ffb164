import { Link } from '@tanstack/react-router'
import { useNow } from '../../data/use-now.ts'
import { useAccount } from '../../data/use-session.ts'
import { formatDuration, formatExact } from '../../format/time.ts'
import { categoryText } from '../../text/common.ts'
import { watch } from '../../text/watch.ts'
import { Avatar } from '../../ui/avatar.tsx'
import { Badge, ViewerCount } from '../../ui/badge.tsx'
import { buttonClass } from '../../ui/button.tsx'
import { PersonLink } from '../../ui/inline/person-link.tsx'
import { Skeleton } from '../../ui/skeleton.tsx'
import { PersonMenu } from '../safety/person-menu.tsx'
import { FollowButton } from '../social/follow-button.tsx'
import { FollowerCount } from '../social/follower-count.tsx'
import { LikeButton } from '../social/like-button.tsx'
import { ShareButton } from './share-button.tsx'
import type { Broadcast, StageKind, Stream } from './stream-state.ts'

const STATES = {
  offline: 'stateOffline',
  scheduled: 'stateScheduled',
  starting: 'stateStarting',
  live: 'stateLive',
  interrupted: 'stateInterrupted',
  ended: 'stateOffline',
} as const

export function StateBadge({ kind }: { kind: StageKind }) {
  const tone = kind === 'live' ? 'live' : kind === 'interrupted' ? 'warn' : 'quiet'
  return (
    <Badge tone={tone} testId="state-badge">
      {watch(STATES[kind])}
    </Badge>
  )
}

type Props = { stream: Stream; kind: StageKind; broadcast: Broadcast | null; wasWatched: boolean }

/** On phones the channel is one row, and what goes on another; where there is room, the actions stand beside the channel. */
const infoClass =
  'grid grid-cols-[minmax(0,1fr)_auto] items-center gap-x-3 gap-y-2 px-4 py-3 lg:gap-y-3 lg:px-0 lg:py-4'
const titleClass =
  'col-span-2 line-clamp-2 text-lg leading-snug font-bold max-lg:line-clamp-1 max-lg:text-base'

/** Title, channel and what goes on, in one glance under the picture. Somebody who is away is shown by name alone. */
export function StreamInfo({ stream, kind, broadcast, wasWatched }: Props) {
  const { owner } = stream
  const isAway = kind === 'offline' || (kind === 'ended' && !wasWatched)
  return (
    <div className={infoClass}>
      {!isAway && <h1 className={titleClass}>{broadcast?.title ?? owner.displayName}</h1>}
      <div className="flex min-w-0 items-center gap-3 max-lg:col-span-2">
        <Avatar
          handle={owner.handle}
          name={owner.displayName}
          picture={owner.avatar}
          size={isAway ? 56 : 44}
        />
        <div className="min-w-0 max-lg:flex-1">
          {isAway ? (
            <h1 className="truncate text-lg leading-snug font-bold">
              <PersonLink handle={owner.handle}>{owner.displayName}</PersonLink>
            </h1>
          ) : (
            <p className="truncate text-base leading-snug font-semibold">
              <PersonLink handle={owner.handle}>{owner.displayName}</PersonLink>
            </p>
          )}
          <p className="truncate text-text-2">
            <span className={isAway ? undefined : 'max-lg:hidden'}>@{owner.handle} · </span>
            <FollowerCount handle={owner.handle} />
          </p>
        </div>
        <FollowButton handle={owner.handle} className="lg:ml-3" />
      </div>
      <Actions stream={stream} broadcast={broadcast} />
      <div className="flex min-h-6 flex-wrap items-center gap-x-4 gap-y-1 text-text-2 max-lg:row-start-3 lg:col-span-2">
        <StateBadge kind={kind} />
        <Running stream={stream} kind={kind} broadcast={broadcast} />
      </div>
    </div>
  )
}

function Actions({ stream, broadcast }: Pick<Props, 'stream' | 'broadcast'>) {
  const isOwn = useAccount()?.id === stream.owner.id
  // What is announced can not be liked yet.
  const isLikeable =
    broadcast !== null && broadcast.id === stream.broadcast?.id && broadcast.startedAt !== null
  return (
    <div className="flex items-center gap-1 max-lg:col-start-2 max-lg:row-start-3">
      {isLikeable && <LikeButton key={broadcast.id} stream={stream} broadcast={broadcast} />}
      <ShareButton />
      <PersonMenu handle={stream.owner.handle} />
      {isOwn && (
        <Link to="/studio" className={buttonClass('quiet')}>
          {watch('yourStream')}
        </Link>
      )}
    </div>
  )
}

function Running({ stream, kind, broadcast }: Pick<Props, 'stream' | 'kind' | 'broadcast'>) {
  const isRunning = kind === 'live' || kind === 'interrupted'
  if (!broadcast || kind === 'ended') return null
  return (
    <>
      {isRunning && (
        <ViewerCount viewers={stream.viewers} testId="viewer-count" className="min-w-9 font-semibold" />
      )}
      {isRunning && broadcast.startedAt !== null && <Uptime startedAt={broadcast.startedAt} />}
      <span className="max-sm:hidden">{categoryText(broadcast.category)}</span>
    </>
  )
}

function Uptime({ startedAt }: { startedAt: number }) {
  const nowMs = useNow()
  return (
    <span title={watch('uptime', { when: formatExact(startedAt) })} className="tabular-nums">
      {formatDuration(nowMs - startedAt)}
    </span>
  )
}

/** In the place of title, channel and state while they are being loaded. */
export function StreamInfoSkeleton() {
  return (
    <div className={infoClass}>
      <Skeleton className="col-span-2 h-6 w-3/5 lg:h-7" />
      <div className="col-span-2 flex items-center gap-3">
        <Skeleton className="size-11 shrink-0 rounded-full!" />
        <div className="w-40">
          <Skeleton className="h-5" />
          <Skeleton className="mt-1.5 h-4 w-2/3" />
        </div>
      </div>
      <Skeleton className="col-span-2 h-10 w-24 lg:h-6" />
    </div>
  )
}
