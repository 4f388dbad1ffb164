import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { useApi } from '../../../data/use-api.ts'
import { useTitle } from '../../../data/use-title.ts'
import { historyText } from '../../../text/history.ts'
import { playlistText } from '../../../text/playlists.ts'
import { LoadError } from '../../../ui/notice.tsx'
import { VideoTile, VideoTileSkeleton } from '../../video/tiles/video-tile.tsx'
import { usePlaylist, videosOf } from '../use-playlist.ts'
import { PlaylistTile, PlaylistTileSkeleton, playlistGridClass } from './playlist-tile.tsx'

/** A row of tiles on a wide screen. */
const SHOWN_MAX = 6
const rowClass = 'grid grid-cols-[repeat(auto-fill,minmax(min(100%,240px),1fr))] gap-x-4 gap-y-7'

/** What one keeps: what is to be watched, what was, and lists. */
export function LibraryPage() {
  useTitle(playlistText('library'))
  return (
    <div className="mx-auto flex max-w-[1760px] flex-col gap-12 px-4 py-6 md:px-6">
      <h1 className="sr-only">{playlistText('library')}</h1>
      <WatchLater />
      <Watched />
      <Lists />
    </div>
  )
}

type ShelfProps = { title: string; all?: ReactNode; children: ReactNode }

const Shelf = ({ title, all, children }: ShelfProps) => (
  <section aria-label={title}>
    <div className="mb-4 flex items-baseline gap-4">
      <h2 className="text-xl font-bold">{title}</h2>
      {all}
    </div>
    {children}
  </section>
)

const allClass = 'font-semibold text-accent hover:underline'
const noteClass = 'text-text-3'

function WatchLater() {
  const params = { playlistId: 'watch-later' }
  const { data, error, refetch } = usePlaylist(params.playlistId)
  const videos = videosOf(data?.pages)
  return (
    <Shelf
      title={playlistText('watchLater')}
      all={
        <Link to="/playlist/$playlistId" params={params} className={allClass}>
          {playlistText('seeAll')}
        </Link>
      }
    >
      {error && !data && <LoadError error={error} onRetry={() => void refetch()} />}
      {data && videos.length === 0 && <p className={noteClass}>{playlistText('emptyHint')}</p>}
      <div className={rowClass}>
        {!data && !error && <VideoTileSkeleton />}
        {videos.slice(0, SHOWN_MAX).map((video) => (
          <VideoTile key={video.id} video={video} listId="watch-later" />
        ))}
      </div>
    </Shelf>
  )
}

function Watched() {
  const { data, error, refetch } = useApi('get /api/history', { query: {} })
  return (
    <Shelf
      title={historyText('title')}
      all={
        <Link to="/history" className={allClass}>
          {playlistText('seeAll')}
        </Link>
      }
    >
      {error && !data && <LoadError error={error} onRetry={() => void refetch()} />}
      {data?.entries.length === 0 && <p className={noteClass}>{historyText('emptyHint')}</p>}
      <div className={rowClass}>
        {!data && !error && <VideoTileSkeleton />}
        {data?.entries.slice(0, SHOWN_MAX).map(({ video }) => (
          <VideoTile key={video.id} video={video} />
        ))}
      </div>
    </Shelf>
  )
}

function Lists() {
  const { data, error, refetch } = useApi('get /api/playlists', { query: {} })
  const lists = data?.playlists.filter(({ id }) => id !== 'watch-later')
  return (
    <Shelf title={playlistText('title')}>
      {error && !data && <LoadError error={error} onRetry={() => void refetch()} />}
      {lists?.length === 0 && <p className={noteClass}>{playlistText('noneHint')}</p>}
      <div className={playlistGridClass}>
        {!data && !error && <PlaylistTileSkeleton />}
        {lists?.map((playlist) => (
          <PlaylistTile key={playlist.id} playlist={playlist} />
        ))}
      </div>
    </Shelf>
  )
}
