import { Link } from '@tanstack/react-router'
import { formatDuration, formatExact, formatRelative } from '../../format/time.ts'
import { categoryText, common } from '../../text/common.ts'
import { home } from '../../text/home.ts'
import { social } from '../../text/social.ts'
import { Avatar } from '../../ui/avatar.tsx'
import { Badge, ViewerCount } from '../../ui/badge.tsx'
import { cx } from '../../ui/cx.ts'
import { PersonLink } from '../../ui/inline/person-link.tsx'
import { TimeAgo } from '../../ui/inline/time-ago.tsx'
import { Skeleton } from '../../ui/skeleton.tsx'
import { Cover } from '../home/cover.tsx'
import type { FeedItem } from './feed-pages.ts'
import type { Standing } from './standing.ts'

type Props = { item: FeedItem; standing: Standing; nowMs: number }

const entryClass = 'group relative border-b border-line px-1 py-5 last:border-b-0'
/** By what was done and not by how it stands now, so that nothing moves when a broadcast ends. */
const gridClass = {
  broadcast_live: 'mt-3 grid gap-x-4 gap-y-3 sm:grid-cols-[260px_1fr]',
  broadcast_scheduled: 'mt-3 grid grid-cols-[136px_1fr] gap-x-4 sm:grid-cols-[180px_1fr]',
}

/** One thing that somebody did. The whole entry leads to their page. */
export function FeedEntry({ item, standing, nowMs }: Props) {
  const { actor, broadcast, createdAt } = item
  const isOnAir = standing.kind === 'live' || standing.kind === 'interrupted'
  return (
    <article data-testid="feed-entry" data-standing={standing.kind} className={entryClass}>
      <div className="flex items-center gap-3">
        <Avatar handle={actor.handle} name={actor.displayName} picture={actor.avatar} size={40} />
        <div className="min-w-0">
          <p className="truncate">
            <PersonLink handle={actor.handle}>
              <span className="font-semibold">{actor.displayName}</span>{' '}
              <span className="text-text-3">@{actor.handle}</span>
            </PersonLink>
          </p>
          <p className="text-text-3">
            {didText(item, isOnAir)} · <TimeAgo atMs={createdAt} nowMs={nowMs} className="relative z-10" />
          </p>
        </div>
      </div>
      <div className={gridClass[item.kind]}>
        <div className={cx(!isOnAir && 'opacity-80 saturate-50')}>
          <Cover person={actor} isSmall={item.kind === 'broadcast_scheduled'}>
            <div className="absolute inset-x-2 top-2 flex flex-wrap items-center justify-between gap-1">
              <StandingBadge standing={standing} />
              {standing.viewers !== undefined && (
                <ViewerCount
                  viewers={standing.viewers}
                  className="h-6 rounded-sm bg-black/65 px-2 text-xs font-semibold text-white"
                />
              )}
            </div>
          </Cover>
        </div>
        <div className="min-w-0">
          <h2 className="line-clamp-2 text-base leading-snug font-semibold">
            <Link
              to="/live/$handle"
              params={{ handle: actor.handle }}
              aria-label={home('watch', { name: actor.displayName, title: broadcast.title })}
              className="outline-none after:absolute after:-inset-x-2 after:inset-y-0.5 after:rounded-md focus-visible:after:outline-2 focus-visible:after:outline-accent"
            >
              {broadcast.title}
            </Link>
          </h2>
          <p className="mt-0.5 text-text-3">{categoryText(broadcast.category)}</p>
          <When item={item} standing={standing} nowMs={nowMs} />
        </div>
      </div>
    </article>
  )
}

function didText({ kind }: FeedItem, isOnAir: boolean): string {
  if (kind === 'broadcast_scheduled') return social('announced')
  return social(isOnAir ? 'isLive' : 'wentLive')
}

function StandingBadge({ standing: { kind } }: { standing: Standing }) {
  if (kind === 'live') return <Badge tone="live">{common('live')}</Badge>
  if (kind === 'interrupted') return <Badge tone="warn">{home('interrupted')}</Badge>
  return <Badge tone="quiet">{social(BADGES[kind])}</Badge>
}

const BADGES = { scheduled: 'scheduledShort', ended: 'endedShort', cancelled: 'cancelled' } as const

/** When it begins, how long it has been going on, or how long it went. */
function When({ item: { broadcast }, standing: { kind }, nowMs }: Props) {
  const { scheduledFor, startedAt, endedAt } = broadcast
  const text = () => {
    if (kind === 'scheduled' && scheduledFor !== null)
      return social('startsAt', {
        when: formatRelative(scheduledFor, nowMs),
        exact: formatExact(scheduledFor),
      })
    if (kind === 'cancelled')
      return scheduledFor === null ? undefined : social('wasPlannedFor', { when: formatExact(scheduledFor) })
    if (startedAt === null) return undefined
    if (kind !== 'ended') return social('liveFor', { duration: formatDuration(nowMs - startedAt) })
    return endedAt === null
      ? undefined
      : social('wasLiveFor', { duration: formatDuration(endedAt - startedAt) })
  }
  const shown = text()
  return shown ? <p className="mt-2 text-text-2 tabular-nums">{shown}</p> : null
}

export function FeedEntrySkeleton() {
  return (
    <div className={entryClass}>
      <div className="flex items-center gap-3">
        <Skeleton className="size-10 rounded-full!" />
        <div className="flex-1">
          <Skeleton className="h-4 w-1/3" />
          <Skeleton className="mt-1.5 h-3.5 w-1/4" />
        </div>
      </div>
      <div className={gridClass.broadcast_live}>
        <Skeleton className="aspect-video rounded-md!" />
        <div>
          <Skeleton className="h-5 w-4/5" />
          <Skeleton className="mt-2 h-3.5 w-1/4" />
        </div>
      </div>
    </div>
  )
}
