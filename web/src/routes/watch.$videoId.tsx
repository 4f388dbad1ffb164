import { createFileRoute } from '@tanstack/react-router'
import { VideoPage } from '../features/video/watch/video-page.tsx'

/** The list that a video is watched in. */
type Search = { list?: string }

export const Route = createFileRoute('/watch/$videoId')({
  validateSearch: ({ list }: Record<string, unknown>): Search => (typeof list === 'string' ? { list } : {}),
  component: Page,
})

function Page() {
  const { videoId } = Route.useParams()
  const { list } = Route.useSearch()
  return <VideoPage videoId={videoId} listId={list} />
}
