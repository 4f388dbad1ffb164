import { useApi } from '../../../data/use-api.ts'

/** What goes with a video, the nearest first. */
export function useRelated(videoId: string) {
  const { data, isPending } = useApi('get /api/videos/{videoId}/related', { params: { videoId } })
  return { videos: data?.videos ?? [], isPending }
}
