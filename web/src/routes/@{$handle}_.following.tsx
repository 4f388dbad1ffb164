import { createFileRoute } from '@tanstack/react-router'
import { PeoplePage } from '../features/social/channel/people-page.tsx'

export const Route = createFileRoute('/@{$handle}_/following')({ component: Page })

function Page() {
  const { handle } = Route.useParams()
  return <PeoplePage key={handle} handle={handle} side="following" />
}
