import { Link } from '@tanstack/react-router'
import { ListVideo, Play } from 'lucide-react'
import { CallError } from '../../../../../client/types.ts'
import { useTitle } from '../../../data/use-title.ts'
import { playlistText } from '../../../text/playlists.ts'
import { Badge } from '../../../ui/badge.tsx'
import { buttonClass } from '../../../ui/button.tsx'
import { PersonLink } from '../../../ui/inline/person-link.tsx'
import { RichText } from '../../../ui/inline/rich-text.tsx'
import { LoadError, Notice } from '../../../ui/notice.tsx'
import { Older } from '../../../ui/older.tsx'
import { LoadingNote } from '../../../ui/skeleton.tsx'
import { VideoPoster } from '../../video/tiles/poster.tsx'
import { listName, type Playlist } from '../list-name.ts'
import { usePlaylist, videosOf } from '../use-playlist.ts'
import { ListActions } from './list-actions.tsx'
import { ListRow, ListRowSkeleton } from './list-row.tsx'
import { useListChanges } from './use-list-changes.ts'

/** Some rows before they come into view. */
const AHEAD_PX = 600

/** A list of videos; its owner puts it in order here. */
export function PlaylistPage({ playlistId }: { playlistId: string }) {
  const query = usePlaylist(playlistId)
  const { data, error, refetch } = query
  const [first] = data?.pages ?? []
  useTitle(first && listName(first.playlist))
  const videos = videosOf(data?.pages)
  const { move, remove, said } = useListChanges(playlistId, videos, () => refetch())
  if (error instanceof CallError && ['not_found', 'forbidden', 'invalid_input'].includes(error.code))
    return <Gone />
  if (error && !data) return <LoadError error={error} onRetry={() => void refetch()} />
  if (!first || !data) return <PageSkeleton />
  const hidden = data.pages.reduce((sum, page) => sum + page.hidden, 0)
  return (
    <div className="mx-auto grid max-w-[1200px] gap-6 px-4 py-6 lg:grid-cols-[320px_minmax(0,1fr)]">
      <Head playlist={first.playlist} isOwn={first.isOwn} firstId={videos[0]?.id} />
      <div className="min-w-0">
        {videos.length === 0 && hidden === 0 && !query.hasNextPage && (
          <Notice level={2} title={playlistText('emptyTitle')} hint={playlistText('emptyHint')} />
        )}
        <ol className="flex flex-col gap-1">
          {videos.map((video, nth) => (
            <ListRow
              key={video.id}
              {...{ video, nth, playlistId }}
              isLast={nth === videos.length - 1}
              {...(first.isOwn && { onMove: move, onRemove: remove })}
            />
          ))}
        </ol>
        <Older
          query={query}
          aheadPx={AHEAD_PX}
          failed={playlistText('moreFailed')}
          skeleton={<ListRowSkeleton />}
        />
        {hidden > 0 && <p className="px-2 py-4 text-text-3">{playlistText('hidden', { count: hidden })}</p>}
        <p aria-live="polite" className="sr-only">
          {said}
        </p>
      </div>
    </div>
  )
}

type HeadProps = { playlist: Playlist; isOwn: boolean; firstId: string | undefined }

function Head({ playlist, isOwn, firstId }: HeadProps) {
  const { id, owner, description, visibility, count, cover } = playlist
  return (
    <header className="self-start rounded-md bg-surface-2 p-4 lg:sticky lg:top-20">
      {cover && <VideoPoster video={{ ...cover, durationMs: null }} sizes="320px" className="aspect-video" />}
      <h1 className="mt-3 text-xl font-bold wrap-anywhere">{listName(playlist)}</h1>
      <p className="mt-1 text-text-2">
        <PersonLink handle={owner.handle}>{owner.displayName}</PersonLink>
      </p>
      <p className="mt-1 flex items-center gap-2 text-text-3">
        {playlistText('count', { count })}
        {visibility !== 'public' && <Badge tone="quiet">{playlistText(`is_${visibility}`)}</Badge>}
      </p>
      {description !== '' && (
        <p className="mt-3 whitespace-pre-wrap wrap-anywhere">
          <RichText text={description} />
        </p>
      )}
      <div className="mt-4 flex flex-wrap gap-2">
        {firstId !== undefined && (
          <Link
            to="/watch/$videoId"
            params={{ videoId: firstId }}
            search={{ list: id }}
            className={buttonClass('primary')}
          >
            <Play aria-hidden size={18} className="fill-current" />
            {playlistText('playAll')}
          </Link>
        )}
        {isOwn && id !== 'watch-later' && <ListActions playlist={playlist} />}
      </div>
    </header>
  )
}

const Gone = () => (
  <Notice
    className="pt-[14vh]"
    art={<ListVideo aria-hidden size={48} className="text-text-3" />}
    title={playlistText('goneTitle')}
    hint={playlistText('goneHint')}
  />
)

const PageSkeleton = () => (
  <div className="mx-auto flex max-w-[1200px] flex-col gap-1 px-4 py-6">
    <LoadingNote />
    <ListRowSkeleton />
    <ListRowSkeleton />
    <ListRowSkeleton />
  </div>
)
