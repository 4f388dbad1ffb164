import { Link } from '@tanstack/react-router'
import { home } from '../../text/home.ts'
import { social } from '../../text/social.ts'
import { Avatar } from '../../ui/avatar.tsx'
import { ViewerCount } from '../../ui/badge.tsx'
import { Skeleton } from '../../ui/skeleton.tsx'
import { type FeedItem, itemsOf } from './feed-pages.ts'
import { onAir, type Standing, standingOf } from './standing.ts'
import { useFeed } from './use-feed.ts'
import { useStandings } from './use-standings.ts'

/** Who of those somebody follows is live: one row that is always as high, so that nothing moves when it fills. */
export function LiveStrip({ userId }: { userId: string }) {
  const { query, fresh } = useFeed(userId)
  const standings = useStandings()
  const live = onAir([...fresh, ...itemsOf(query.data)], standings)
  return (
    <section aria-label={social('stripTitle')} data-testid="live-strip">
      <h2 className="mb-2 text-base font-semibold">{social('stripTitle')}</h2>
      <div className="flex h-16 items-center">
        {query.isPending ? (
          <StripSkeleton />
        ) : live.length > 0 ? (
          <ul className="-mx-1 flex min-w-0 flex-1 gap-2 overflow-x-auto px-1 py-1">
            {live.map((item) => (
              <LiveChip key={item.id} item={item} standing={standingOf(item, standings)} />
            ))}
          </ul>
        ) : (
          <p className="text-text-3">{social(query.isError ? 'stripFailed' : 'stripNobody')}</p>
        )}
      </div>
    </section>
  )
}

function LiveChip({ item: { actor, broadcast }, standing }: { item: FeedItem; standing: Standing }) {
  return (
    <li className="shrink-0 animate-appear">
      <Link
        to="/live/$handle"
        params={{ handle: actor.handle }}
        aria-label={home('watch', { name: actor.displayName, title: broadcast.title })}
        className="flex h-14 w-64 items-center gap-3 rounded-md bg-surface-2 px-3 transition-colors hover:bg-surface-3"
      >
        <Avatar
          handle={actor.handle}
          name={actor.displayName}
          picture={actor.avatar}
          size={36}
          className="ring-2 ring-live ring-offset-2 ring-offset-surface-2"
        />
        <span className="min-w-0 flex-1">
          <span className="block truncate font-semibold">{actor.displayName}</span>
          <span className="block truncate text-text-2">{broadcast.title}</span>
        </span>
        {standing.viewers !== undefined && (
          <ViewerCount viewers={standing.viewers} className="text-xs text-text-2" />
        )}
      </Link>
    </li>
  )
}

function StripSkeleton() {
  return (
    <div className="flex gap-2">
      <Skeleton className="h-14 w-64 rounded-md!" />
      <Skeleton className="h-14 w-64 rounded-md! max-sm:hidden" />
    </div>
  )
}
