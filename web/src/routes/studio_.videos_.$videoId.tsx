import { createFileRoute } from '@tanstack/react-router'
import { requireAccount } from '../features/account/require-account.ts'
import { type Tab, tabIn } from '../features/videos/editing/tabs.ts'
import { VideoEditPage } from '../features/videos/editing/video-edit-page.tsx'

export const Route = createFileRoute('/studio_/videos_/$videoId')({
  beforeLoad: requireAccount,
  validateSearch: (search: Record<string, unknown>): { tab?: Tab } =>
    search.tab === undefined ? {} : { tab: tabIn(search) },
  component: Page,
})

function Page() {
  const { videoId } = Route.useParams()
  const { tab = 'details' } = Route.useSearch()
  return <VideoEditPage key={videoId} videoId={videoId} tab={tab} />
}
