import { useApp } from '../../../data/app.tsx'
import { apiQuery, useApi } from '../../../data/use-api.ts'
import { useAccount } from '../../../data/use-session.ts'
import { useTopic } from '../../../data/use-topic.ts'
import type { OwnVideo } from '../use-own-videos.ts'

/** One of one's own videos; kept up by what is pushed. */
export function useOwnVideo(videoId: string) {
  const { api, queryClient } = useApp()
  const account = useAccount()
  const query = useApi('get /api/videos/mine/{videoId}', { params: { videoId } })
  const { queryKey } = apiQuery(api, 'get /api/videos/mine/{videoId}', { params: { videoId } })
  const put = (video: OwnVideo) => queryClient.setQueryData(queryKey, { video })
  const hear = (items: readonly { videos: readonly OwnVideo[] }[]) => {
    const told = items.at(-1)?.videos.find(({ id }) => id === videoId)
    // What was pushed before the first answer came is in it.
    if (told && queryClient.getQueryData(queryKey)) put(told)
  }
  useTopic(account ? `video-manager:${account.id}` : undefined, { onItems: hear, onStart: hear })
  return { query, video: query.data?.video, put }
}
