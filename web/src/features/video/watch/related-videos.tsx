import { Link } from '@tanstack/react-router'
import { useNow } from '../../../data/use-now.ts'
import { formatLength } from '../../../format/time.ts'
import { videoText } from '../../../text/video.ts'
import { TimeAgo } from '../../../ui/inline/time-ago.tsx'
import { Skeleton } from '../../../ui/skeleton.tsx'
import { VideoPoster } from '../tiles/poster.tsx'
import { type VideoCard, ViewCount } from '../tiles/video-tile.tsx'
import { useRelated } from './use-related.ts'

const MINUTE_MS = 60_000

/** What one may want to watch next. */
export function RelatedVideos({ videoId }: { videoId: string }) {
  const { videos, isPending } = useRelated(videoId)
  if (!isPending && videos.length === 0) return null
  return (
    <section>
      <h2 className="mb-3 text-base font-semibold">{videoText('next')}</h2>
      <ul className="flex flex-col gap-3">
        {videos.map((video) => (
          <Row key={video.id} video={video} />
        ))}
        {isPending && [1, 2, 3].map((key) => <RowSkeleton key={key} />)}
      </ul>
    </section>
  )
}

function Row({ video }: { video: VideoCard }) {
  const { id, title, owner, views, publishedAt, durationMs } = video
  const nowMs = useNow(MINUTE_MS)
  return (
    <li className="group relative grid grid-cols-[168px_minmax(0,1fr)] gap-3">
      <VideoPoster video={video} sizes="168px" className="aspect-video" />
      <div className="min-w-0">
        <h3 className="line-clamp-2 text-sm font-semibold">
          <Link
            to="/watch/$videoId"
            params={{ videoId: id }}
            aria-label={videoText('watchName', { title, duration: formatLength(durationMs) })}
            className="outline-none after:absolute after:-inset-1 after:rounded-md focus-visible:after:outline-2 focus-visible:after:outline-accent"
          >
            {title}
          </Link>
        </h3>
        <p className="mt-1 truncate text-sm text-text-2">{owner.displayName}</p>
        <p className="truncate text-sm text-text-3">
          <ViewCount views={views} /> · <TimeAgo atMs={publishedAt} nowMs={nowMs} />
        </p>
      </div>
    </li>
  )
}

const RowSkeleton = () => (
  <li className="grid grid-cols-[168px_minmax(0,1fr)] gap-3">
    <Skeleton className="aspect-video rounded-md!" />
    <div>
      <Skeleton className="h-4" />
      <Skeleton className="mt-2 h-4 w-2/3" />
    </div>
  </li>
)
