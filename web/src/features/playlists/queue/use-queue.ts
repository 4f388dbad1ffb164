import { useEffect } from 'react'
import { usePlaylist, videosOf } from '../use-playlist.ts'

/** The list that a video is watched in: read on until the video and the one after it are there. */
export function useQueue(listId: string | undefined, videoId: string) {
  const { data, hasNextPage, isFetching, isError, fetchNextPage } = usePlaylist(listId)
  const videos = videosOf(data?.pages)
  const nth = videos.findIndex(({ id }) => id === videoId)
  const isDue = data !== undefined && hasNextPage && !isFetching && !isError && nth >= videos.length - 1
  const isMissing = data !== undefined && nth < 0 && hasNextPage && !isFetching && !isError
  const mustRead = isMissing || (isDue && nth >= 0)
  useEffect(() => {
    if (mustRead) void fetchNextPage()
  }, [mustRead, fetchNextPage])
  const playlist = data?.pages[0]?.playlist
  // Without the list, or once the video was taken out of it, it is watched as any other.
  if (!playlist || nth < 0) return undefined
  return { playlist, videos, nth, next: videos[nth + 1] }
}

export type Queue = NonNullable<ReturnType<typeof useQueue>>
