import { Link } from '@tanstack/react-router'
import { categoryText, common } from '../../text/common.ts'
import { home } from '../../text/home.ts'
import { Avatar } from '../../ui/avatar.tsx'
import { Badge, ViewerCount } from '../../ui/badge.tsx'
import { PersonLink } from '../../ui/inline/person-link.tsx'
import { Skeleton } from '../../ui/skeleton.tsx'
import { Cover } from './cover.tsx'
import type { StreamCard } from './directory.ts'

/** One stream on air. The whole tile leads to it; its name for screen readers says who and what. */
export function StreamTile({ stream }: { stream: StreamCard }) {
  const { handle, displayName, avatar, title, category, state, viewers } = stream
  return (
    <article className="group relative animate-appear">
      <Cover person={stream}>
        <div className="absolute inset-x-2.5 top-2.5 flex items-center justify-between">
          {state === 'interrupted' ? (
            <Badge tone="warn">{home('interrupted')}</Badge>
          ) : (
            <Badge tone="live">{common('live')}</Badge>
          )}
          <ViewerCount
            viewers={viewers}
            className="h-6 rounded-sm bg-black/65 px-2 text-xs font-semibold text-white"
          />
        </div>
      </Cover>
      <div className="mt-3 flex gap-3">
        <Avatar handle={handle} name={displayName} picture={avatar} />
        <div className="min-w-0">
          <h2 className="line-clamp-2 text-base leading-snug font-semibold">
            <Link
              to="/live/$handle"
              params={{ handle }}
              aria-label={home('watch', { name: displayName, title })}
              className="outline-none after:absolute after:-inset-1 after:rounded-md focus-visible:after:outline-2 focus-visible:after:outline-accent"
            >
              {title}
            </Link>
          </h2>
          <p className="mt-0.5 truncate text-text-2">
            <PersonLink handle={handle}>{displayName}</PersonLink>
          </p>
          <p className="truncate text-text-3">{categoryText(category)}</p>
        </div>
      </div>
    </article>
  )
}

export function StreamTileSkeleton() {
  return (
    <div>
      <Skeleton className="aspect-video rounded-md!" />
      <div className="mt-3 flex gap-3">
        <Skeleton className="size-9 shrink-0 rounded-full!" />
        <div className="flex-1">
          <Skeleton className="mt-1 h-4 w-4/5" />
          <Skeleton className="mt-2.5 h-3.5 w-2/5" />
          <Skeleton className="mt-2 h-3.5 w-1/4" />
        </div>
      </div>
    </div>
  )
}
