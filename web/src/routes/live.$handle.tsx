import { createFileRoute } from '@tanstack/react-router'
import { WatchPage } from '../features/watch/watch-page.tsx'

export const Route = createFileRoute('/live/$handle')({ component: Page })

function Page() {
  const { handle } = Route.useParams()
  return <WatchPage key={handle} handle={handle} />
}
