import { useInfiniteQuery } from '@tanstack/react-query'
import { useApp } from '../../data/app.tsx'
import type { Response } from '../../data/use-api.ts'

type Page = Response<'get /api/playlists/{playlistId}'>

/** Key of everything that was read of a list. */
export const playlistKey = (playlistId: string) => ['playlist', playlistId]
export const OWN_PLAYLISTS_KEY = ['get /api/playlists']

/** A list in pages of a hundred videos; nothing is read without an id. */
export function usePlaylist(playlistId: string | undefined) {
  const { api } = useApp()
  return useInfiniteQuery({
    queryKey: playlistKey(playlistId ?? ''),
    enabled: playlistId !== undefined,
    queryFn: ({ pageParam }): Promise<Page> =>
      api.request('get /api/playlists/{playlistId}', {
        params: { playlistId: playlistId ?? '' },
        query: pageParam === undefined ? {} : { after: pageParam },
      }),
    initialPageParam: undefined as number | undefined,
    getNextPageParam: (page) => page.next ?? undefined,
  })
}

/** What of the pages is there, as one list. */
export const videosOf = (pages: readonly Page[] = []) => pages.flatMap(({ videos }) => videos)
