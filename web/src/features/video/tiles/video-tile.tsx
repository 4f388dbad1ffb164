import { Link } from '@tanstack/react-router'
import type { Response } from '../../../data/use-api.ts'
import { useNow } from '../../../data/use-now.ts'
import { formatCount } from '../../../format/number.ts'
import { formatLength } from '../../../format/time.ts'
import { videoText } from '../../../text/video.ts'
import { Avatar } from '../../../ui/avatar.tsx'
import { PersonLink } from '../../../ui/inline/person-link.tsx'
import { TimeAgo } from '../../../ui/inline/time-ago.tsx'
import { Skeleton } from '../../../ui/skeleton.tsx'
import { ProgressLine } from '../../history/progress-line.tsx'
import { SaveButton } from '../../playlists/saving/save-button.tsx'
import { VideoPoster } from './poster.tsx'

export type VideoCard = Response<'get /api/videos'>['videos'][number]

const MINUTE_MS = 60_000

type VideoTileProps = {
  video: VideoCard
  isOfChannel?: boolean
  /** How much of it one has watched, from 0 to 1; undefined where it was not begun. */
  watchedShare?: number | undefined
  /** The list that it is then watched in. */
  listId?: string
}

/** One video of a list. The whole tile leads to it; its name for screen readers says how long it is. */
export function VideoTile({ video, isOfChannel = false, watchedShare, listId }: VideoTileProps) {
  const { id, owner, title, durationMs, publishedAt, views } = video
  const nowMs = useNow(MINUTE_MS)
  return (
    <article className="group relative" data-testid="video-tile">
      <VideoPoster video={video} sizes="(min-width: 640px) 360px, 100vw" className="aspect-video">
        <ProgressLine share={watchedShare} />
      </VideoPoster>
      <div className="mt-3 flex gap-3">
        {!isOfChannel && <Avatar handle={owner.handle} name={owner.displayName} picture={owner.avatar} />}
        <div className="min-w-0 flex-1">
          <h3 className="line-clamp-2 text-base leading-snug font-semibold">
            <Link
              to="/watch/$videoId"
              params={{ videoId: id }}
              {...(listId !== undefined && { search: { list: listId } })}
              aria-label={videoText('watchName', { title, duration: formatLength(durationMs) })}
              className="outline-none after:absolute after:-inset-1 after:rounded-md focus-visible:after:outline-2 focus-visible:after:outline-accent"
            >
              {title}
            </Link>
          </h3>
          {!isOfChannel && (
            <p className="mt-0.5 truncate text-text-2">
              <PersonLink handle={owner.handle}>{owner.displayName}</PersonLink>
            </p>
          )}
          <p className="truncate text-text-3">
            <ViewCount views={views} /> · <TimeAgo atMs={publishedAt} nowMs={nowMs} />
          </p>
        </div>
        <SaveButton videoId={id} title={title} className="relative z-10 -mt-2 -mr-2" />
      </div>
    </article>
  )
}

/** `1.2K views`, with the exact number as its title. */
export function ViewCount({ views }: { views: number }) {
  const exact = videoText('views', { count: views })
  return (
    <span title={exact}>{views < 1000 ? exact : videoText('viewsShort', { views: formatCount(views) })}</span>
  )
}

export function VideoTileSkeleton() {
  return (
    <div>
      <Skeleton className="aspect-video rounded-md!" />
      <div className="mt-3 flex gap-3">
        <Skeleton className="size-9 shrink-0 rounded-full!" />
        <div className="flex-1">
          <Skeleton className="mt-1 h-4 w-4/5" />
          <Skeleton className="mt-2.5 h-3.5 w-2/5" />
        </div>
      </div>
    </div>
  )
}
