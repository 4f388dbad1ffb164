import { createFileRoute } from '@tanstack/react-router'
import { ChannelPage } from '../features/social/channel/channel-page.tsx'

export const Route = createFileRoute('/@{$handle}')({ component: Page })

function Page() {
  const { handle } = Route.useParams()
  return <ChannelPage key={handle} handle={handle} />
}
