import { createFileRoute } from '@tanstack/react-router'
import { VideoPage } from '../features/video/watch/video-page.tsx'

export const Route = createFileRoute('/watch/$videoId')({ component: Page })

function Page() {
  const { videoId } = Route.useParams()
  return <VideoPage videoId={videoId} />
}
