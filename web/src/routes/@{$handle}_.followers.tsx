import { createFileRoute } from '@tanstack/react-router'
import { PeoplePage } from '../features/social/channel/people-page.tsx'

export const Route = createFileRoute('/@{$handle}_/followers')({ component: Page })

function Page() {
  const { handle } = Route.useParams()
  return <PeoplePage key={handle} handle={handle} side="followers" />
}
