import { Link } from '@tanstack/react-router'
import { ChevronDown, ChevronUp, X } from 'lucide-react'
import { formatLength } from '../../../format/time.ts'
import { playlistText } from '../../../text/playlists.ts'
import { videoText } from '../../../text/video.ts'
import { IconButton } from '../../../ui/button.tsx'
import { Skeleton } from '../../../ui/skeleton.tsx'
import { VideoPoster } from '../../video/tiles/poster.tsx'
import type { VideoCard } from '../../video/tiles/video-tile.tsx'

type Props = {
  video: VideoCard
  /** From 0, among those that are shown. */
  nth: number
  isLast: boolean
  playlistId: string
  /** Only for its owner. */
  onMove?: (nth: number, by: 1 | -1) => void
  onRemove?: (nth: number) => void
}

const rowClass =
  'grid grid-cols-[minmax(110px,160px)_minmax(0,1fr)_auto] items-center gap-3 rounded-md p-2 md:grid-cols-[28px_160px_minmax(0,1fr)_auto]'

/** One video of a list, with what its owner can do about its place. */
export function ListRow({ video, nth, isLast, playlistId, onMove, onRemove }: Props) {
  const { id, title, owner, durationMs } = video
  return (
    <li className={`${rowClass} hover:bg-surface-2`} data-testid="list-row">
      <span aria-hidden className="text-center text-text-3 tabular-nums max-md:hidden">
        {nth + 1}
      </span>
      <VideoPoster video={video} sizes="160px" className="aspect-video" />
      <div className="min-w-0">
        <h2 className="line-clamp-2 font-semibold">
          <Link
            to="/watch/$videoId"
            params={{ videoId: id }}
            search={{ list: playlistId }}
            aria-label={videoText('watchName', { title, duration: formatLength(durationMs) })}
            className="hover:underline"
          >
            {title}
          </Link>
        </h2>
        <p className="truncate text-text-2">{owner.displayName}</p>
      </div>
      {onMove && onRemove && (
        <div className="flex max-sm:flex-col">
          <IconButton
            icon={ChevronUp}
            label={playlistText('up', { title })}
            disabled={nth === 0}
            onClick={() => onMove(nth, -1)}
          />
          <IconButton
            icon={ChevronDown}
            label={playlistText('down', { title })}
            disabled={isLast}
            onClick={() => onMove(nth, 1)}
          />
          <IconButton icon={X} label={playlistText('remove', { title })} onClick={() => onRemove(nth)} />
        </div>
      )}
    </li>
  )
}

export const ListRowSkeleton = () => (
  <div className={rowClass}>
    <span className="max-md:hidden" />
    <Skeleton className="aspect-video rounded-md!" />
    <div>
      <Skeleton className="h-4" />
      <Skeleton className="mt-2 h-4 w-1/2" />
    </div>
  </div>
)
