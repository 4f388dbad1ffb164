import { Link } from '@tanstack/react-router'
import { coverOf } from '../../format/hue.ts'
import { categoryText, common } from '../../text/common.ts'
import { home } from '../../text/home.ts'
import { Avatar } from '../../ui/avatar.tsx'
import { Badge, ViewerCount } from '../../ui/badge.tsx'
import { Skeleton } from '../../ui/skeleton.tsx'
import type { StreamCard } from './directory.ts'

/** One stream on air. The whole tile leads to it; its name for screen readers says who and what. */
export function StreamTile({ stream }: { stream: StreamCard }) {
  const { handle, displayName, title, category, state, viewers } = stream
  return (
    <article className="group relative animate-appear">
      <Cover handle={handle} name={displayName}>
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
        <Avatar handle={handle} name={displayName} />
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
          <p className="mt-0.5 truncate text-text-2">{displayName}</p>
          <p className="truncate text-text-3">{categoryText(category)}</p>
        </div>
      </div>
    </article>
  )
}

function Cover({ handle, name, children }: { handle: string; name: string; children: React.ReactNode }) {
  return (
    <div
      className="relative isolate flex aspect-video items-center justify-center overflow-hidden rounded-md transition-transform duration-200 group-hover:-translate-y-0.5"
      style={{ background: coverOf(handle) }}
    >
      <Currents />
      <Avatar handle={handle} name={name} size={76} className="ring-4 ring-white/20" />
      {children}
    </div>
  )
}

/** The lines of the mark, drawn large and faint: the common thread of all covers. */
function Currents() {
  return (
    <svg aria-hidden viewBox="0 0 320 180" fill="none" className="absolute inset-0 -z-10 size-full">
      <g stroke="white" strokeOpacity="0.13" strokeWidth="1.5">
        {[0, 14, 28, 42, 56, 70].map((shift) => (
          <path
            key={shift}
            d={`M-20 ${120 + shift}C60 ${60 + shift} 110 ${150 + shift} 180 ${96 + shift}S300 ${40 + shift} 350 ${70 + shift}`}
          />
        ))}
      </g>
    </svg>
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
