import { createFileRoute } from '@tanstack/react-router'
import { EmbedPage } from '../features/video/embed/embed-page.tsx'

export const Route = createFileRoute('/embed/$videoId')({ component: Page })

function Page() {
  const { videoId } = Route.useParams()
  return <EmbedPage videoId={videoId} />
}
