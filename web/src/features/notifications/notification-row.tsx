import { Link } from '@tanstack/react-router'
import { Radio, UserPlus } from 'lucide-react'
import { notificationText } from '../../text/notifications.ts'
import { Avatar } from '../../ui/avatar.tsx'
import { TimeAgo } from '../../ui/inline/time-ago.tsx'
import { Skeleton } from '../../ui/skeleton.tsx'
import type { Notification } from './notification-list-state.ts'

type Props = { item: Notification; nowMs: number; isNew: boolean; onLeave?: (() => void) | undefined }

const rowClass = 'relative flex gap-3 rounded-md px-3 py-3'

const linkOf = (kind: Notification['kind'], handle: string) => {
  if (kind === 'follow_request') return { to: '/settings/privacy' } as const
  return { to: kind === 'live' ? '/live/$handle' : '/@{$handle}', params: { handle } } as const
}

/**
 * One notification. The whole row leads to who did it: to their live page where they went live, else to their channel; or to
 * where they are answered, where they ask.
 */
export function NotificationRow({ item, nowMs, isNew, onLeave }: Props) {
  const { actor, createdAt } = item
  const Icon = item.kind === 'live' ? Radio : UserPlus
  return (
    <li data-testid="notification" className={`${rowClass} hover:bg-surface-2`}>
      <span className="relative shrink-0 self-start">
        <Avatar
          handle={actor?.handle ?? ''}
          name={actor?.displayName ?? '?'}
          picture={actor?.avatar}
          size={40}
        />
        <span
          aria-hidden
          className="absolute -right-1 -bottom-1 flex size-5 items-center justify-center rounded-full bg-surface-0 text-text-2"
        >
          <Icon size={13} className={item.kind === 'live' ? 'text-live' : undefined} />
        </span>
      </span>
      <div className="min-w-0 flex-1">
        <p className="flex items-baseline gap-2">
          {actor ? (
            <Link
              {...linkOf(item.kind, actor.handle)}
              onClick={onLeave}
              className="truncate font-semibold outline-none after:absolute after:inset-0 after:rounded-md focus-visible:after:outline-2 focus-visible:after:outline-accent"
            >
              {actor.displayName}
            </Link>
          ) : (
            <span className="truncate font-semibold">{notificationText('somebody')}</span>
          )}
          <TimeAgo
            atMs={createdAt}
            nowMs={nowMs}
            className="relative shrink-0 text-xs whitespace-nowrap text-text-3"
          />
        </p>
        <p className="line-clamp-2 text-text-2">{textOf(item)}</p>
      </div>
      <span className="flex w-2 shrink-0 items-center">
        {isNew && (
          <>
            <span aria-hidden className="size-2 rounded-full bg-accent" />
            <span className="sr-only">{notificationText('isNew')}</span>
          </>
        )}
      </span>
    </li>
  )
}

const TEXTS = {
  follow: 'followed',
  follow_request: 'askedToFollow',
  follow_accepted: 'letYouFollow',
} as const

function textOf({ kind, broadcast }: Notification): string {
  if (kind !== 'live') return notificationText(TEXTS[kind])
  return broadcast
    ? notificationText('wentLiveWith', { title: broadcast.title })
    : notificationText('wentLive')
}

export function NotificationSkeleton() {
  return (
    <div className={rowClass}>
      <Skeleton className="size-10 shrink-0 rounded-full!" />
      <div className="flex-1">
        <Skeleton className="mt-0.5 h-4 w-2/5" />
        <Skeleton className="mt-2 h-3.5 w-3/4" />
      </div>
    </div>
  )
}
