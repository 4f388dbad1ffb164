import { createFileRoute } from '@tanstack/react-router'
import { ChannelPage } from '../features/social/channel/channel-page.tsx'
import { CHANNEL_TABS, type ChannelTab } from '../features/social/channel/tabs.ts'

/** Which part of the channel is shown; its videos where none is named. */
type Search = { tab?: ChannelTab }

export const Route = createFileRoute('/@{$handle}')({
  validateSearch: ({ tab }: Record<string, unknown>): Search => {
    const known = CHANNEL_TABS.find((one) => one === tab)
    return known ? { tab: known } : {}
  },
  component: Page,
})

function Page() {
  const { handle } = Route.useParams()
  const { tab = 'videos' } = Route.useSearch()
  return <ChannelPage key={handle} handle={handle} tab={tab} />
}
