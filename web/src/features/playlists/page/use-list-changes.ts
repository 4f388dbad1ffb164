import { type InfiniteData, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { errorText } from '../../../data/error-text.ts'
import { type Response, useApiChange } from '../../../data/use-api.ts'
import { playlistText } from '../../../text/playlists.ts'
import { useToast } from '../../../ui/overlay/toasts.tsx'
import type { VideoCard } from '../../video/tiles/video-tile.tsx'
import { playlistKey } from '../use-playlist.ts'

type Pages = InfiniteData<Response<'get /api/playlists/{playlistId}'>>

/** Puts the videos of one's own list into another order; shown at once, and as the server has it where that is refused. */
export function useListChanges(
  playlistId: string,
  videos: readonly VideoCard[],
  readAnew: () => Promise<unknown>,
) {
  const queryClient = useQueryClient()
  const toast = useToast()
  const [said, setSaid] = useState('')
  const putting = useApiChange('put /api/playlists/{playlistId}/videos/{videoId}')
  const taking = useApiChange('delete /api/playlists/{playlistId}/videos/{videoId}')

  /** The pages stay as long as they were, as far as there are videos for them. */
  const show = (next: readonly VideoCard[]) =>
    queryClient.setQueryData<Pages>(playlistKey(playlistId), (former) => {
      let from = 0
      return (
        former && {
          ...former,
          pages: former.pages.map((page, nth) => {
            const to = nth === former.pages.length - 1 ? next.length : from + page.videos.length
            const part = { ...page, videos: next.slice(from, to) }
            from = to
            return part
          }),
        }
      )
    })
  const onError = (error: Error) => {
    toast({ title: errorText(error), tone: 'danger' })
    void readAnew()
  }
  const put = (videoId: string, afterVideoId: string | null) =>
    putting.mutate(
      { params: { playlistId, videoId }, body: { afterVideoId } },
      { onError, onSuccess: () => void readAnew() },
    )

  return {
    /** What was done, for screen readers. */
    said,

    move(nth: number, by: 1 | -1) {
      const moved = videos[nth]
      if (!moved) return
      const others = videos.filter(({ id }) => id !== moved.id)
      const to = nth + by
      show([...others.slice(0, to), moved, ...others.slice(to)])
      setSaid(playlistText('moved', { title: moved.title, place: to + 1 }))
      put(moved.id, others[to - 1]?.id ?? null)
    },

    remove(nth: number) {
      const gone = videos[nth]
      if (!gone) return
      const before = videos[nth - 1]?.id ?? null
      show(videos.filter(({ id }) => id !== gone.id))
      const title = playlistText('removed', { title: gone.title })
      const undo = {
        label: playlistText('undo'),
        hint: playlistText('removedHint'),
        onAction: () => put(gone.id, before),
      }
      taking.mutate(
        { params: { playlistId, videoId: gone.id } },
        { onError, onSuccess: () => toast({ title, action: undo }) },
      )
    },
  }
}
