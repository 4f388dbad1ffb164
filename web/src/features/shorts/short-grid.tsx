import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { formatLength } from '../../format/time.ts'
import { shortText } from '../../text/shorts.ts'
import { LoadError } from '../../ui/notice.tsx'
import { Older } from '../../ui/older.tsx'
import { Skeleton } from '../../ui/skeleton.tsx'
import { VideoPoster } from '../video/tiles/poster.tsx'
import type { useVideos } from '../video/tiles/video-grid.tsx'
import { type VideoCard, ViewCount } from '../video/tiles/video-tile.tsx'

/** A row of upright tiles before it comes into view. */
const AHEAD_PX = 800

type Props = { query: ReturnType<typeof useVideos>; empty: ReactNode }

/** Short videos as upright tiles. */
export function ShortGrid({ query, empty }: Props) {
  const { data, error, refetch } = query
  if (error && !data) return <LoadError error={error} onRetry={() => void refetch()} />
  const videos = data?.pages.flatMap((page) => page.videos) ?? []
  if (data && videos.length === 0) return empty
  return (
    <div className="grid grid-cols-[repeat(auto-fill,minmax(150px,1fr))] gap-x-3 gap-y-6">
      {videos.map((video) => (
        <ShortTile key={video.id} video={video} />
      ))}
      <Older
        query={query}
        aheadPx={AHEAD_PX}
        failed={shortText('moreFailed')}
        skeleton={<Skeleton className="aspect-[9/16] rounded-md!" />}
      />
    </div>
  )
}

/** Leads into the feed, which begins with this one. */
function ShortTile({ video }: { video: VideoCard }) {
  const { id, title, durationMs, views } = video
  return (
    <article className="relative" data-testid="short-tile">
      <VideoPoster video={video} sizes="220px" className="aspect-[9/16]" />
      <h3 className="mt-2 line-clamp-2 font-semibold">
        <Link
          to="/shorts"
          search={{ first: id }}
          aria-label={shortText('openName', { title, duration: formatLength(durationMs) })}
          className="outline-none after:absolute after:-inset-1 after:rounded-md focus-visible:after:outline-2 focus-visible:after:outline-accent"
        >
          {title}
        </Link>
      </h3>
      <p className="text-text-3">
        <ViewCount views={views} />
      </p>
    </article>
  )
}
