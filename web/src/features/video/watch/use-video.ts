import { useQuery } from '@tanstack/react-query'
import { useApp } from '../../../data/app.tsx'
import { apiQuery, type Response } from '../../../data/use-api.ts'
import { serverAheadMs } from '../premiere/phases.ts'

export type Video = Response<'get /api/videos/{videoId}'>['video']

/** Key of what a page shows of a video. */
const keyOf = (key: readonly unknown[]) => [...key, 'with the time']

/** A video as somebody watches it, and how far the server's clock is ahead of this page's steady one. */
export function useVideo(videoId: string) {
  const { api, queryClient } = useApp()
  const input = { params: { videoId } }
  const queryKey = keyOf(apiQuery(api, 'get /api/videos/{videoId}', input).queryKey)
  const query = useQuery({
    queryKey,
    queryFn: async () => {
      const askedAtMs = performance.now()
      const { video, serverNow } = await api.request('get /api/videos/{videoId}', input)
      return { video, aheadMs: serverAheadMs(serverNow, askedAtMs, performance.now()) }
    },
  })
  return {
    ...query,
    /** Lets go of what is shown, which is not theirs to see any more, and asks again. */
    reset: () => void queryClient.resetQueries({ queryKey }),
  }
}
