import { useInfiniteQuery } from '@tanstack/react-query'
import { useApp } from '../../../data/app.tsx'
import type { Response } from '../../../data/use-api.ts'
import { playlistText } from '../../../text/playlists.ts'
import { LoadError } from '../../../ui/notice.tsx'
import { Older } from '../../../ui/older.tsx'
import { PlaylistTile, PlaylistTileSkeleton, playlistGridClass } from '../../playlists/page/playlist-tile.tsx'
import type { Profile } from '../use-profile.ts'

type Page = Response<'get /api/accounts/{handle}/playlists'>

/** A row of tiles before it comes into view. */
const AHEAD_PX = 600

/** The public lists of a channel. */
export function ChannelPlaylists({ profile: { handle, displayName: name } }: { profile: Profile }) {
  const { api } = useApp()
  const query = useInfiniteQuery({
    queryKey: ['get /api/accounts/{handle}/playlists', handle],
    queryFn: ({ pageParam }): Promise<Page> =>
      api.request('get /api/accounts/{handle}/playlists', {
        params: { handle },
        query: pageParam === undefined ? {} : { cursor: pageParam },
      }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.nextCursor ?? undefined,
  })
  const { data, error, refetch } = query
  if (error && !data) return <LoadError error={error} onRetry={() => void refetch()} />
  const playlists = data?.pages.flatMap((page) => page.playlists) ?? []
  if (data && playlists.length === 0)
    return <p className="text-text-3">{playlistText('channelEmpty', { name })}</p>
  return (
    <div className={playlistGridClass}>
      {playlists.map((playlist) => (
        <PlaylistTile key={playlist.id} playlist={playlist} />
      ))}
      <Older
        query={query}
        aheadPx={AHEAD_PX}
        failed={playlistText('moreFailed')}
        skeleton={<PlaylistTileSkeleton />}
      />
    </div>
  )
}
