import { Link } from '@tanstack/react-router'
import { ListVideo } from 'lucide-react'
import { playlistText } from '../../../text/playlists.ts'
import { Skeleton } from '../../../ui/skeleton.tsx'
import { VideoPoster } from '../../video/tiles/poster.tsx'
import { listName, type Playlist } from '../list-name.ts'

export const playlistGridClass =
  'grid grid-cols-[repeat(auto-fill,minmax(min(100%,220px),1fr))] gap-x-4 gap-y-7'

/** A list among others. The whole tile leads to it. */
export function PlaylistTile({ playlist }: { playlist: Playlist }) {
  const { id, count, cover, visibility } = playlist
  const videos = playlistText('count', { count })
  const title = listName(playlist)
  return (
    <article className="relative" data-testid="playlist-tile">
      <div className="relative">
        {cover ? (
          <VideoPoster video={{ ...cover, durationMs: null }} sizes="280px" className="aspect-video" />
        ) : (
          <div className="grid aspect-video place-items-center rounded-md bg-surface-3 text-text-3">
            <ListVideo aria-hidden size={32} />
          </div>
        )}
        <span className="absolute right-2 bottom-2 flex items-center gap-1 rounded-sm bg-black/75 px-1.5 text-xs font-semibold text-white">
          <ListVideo aria-hidden size={13} />
          {videos}
        </span>
      </div>
      <h3 className="mt-2 line-clamp-2 font-semibold">
        <Link
          to="/playlist/$playlistId"
          params={{ playlistId: id }}
          aria-label={playlistText('openName', { title, count: videos })}
          className="outline-none after:absolute after:-inset-1 after:rounded-md focus-visible:after:outline-2 focus-visible:after:outline-accent"
        >
          {title}
        </Link>
      </h3>
      {visibility !== 'public' && <p className="text-text-3">{playlistText(`is_${visibility}`)}</p>}
    </article>
  )
}

export const PlaylistTileSkeleton = () => (
  <div>
    <Skeleton className="aspect-video rounded-md!" />
    <Skeleton className="mt-2 h-4 w-3/5" />
  </div>
)
