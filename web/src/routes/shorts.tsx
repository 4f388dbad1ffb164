import { createFileRoute } from '@tanstack/react-router'
import { ShortsPage } from '../features/shorts/shorts-page.tsx'

/** The one that the feed begins with. */
type Search = { first?: string }

export const Route = createFileRoute('/shorts')({
  validateSearch: ({ first }: Record<string, unknown>): Search =>
    typeof first === 'string' ? { first } : {},
  component: Page,
})

function Page() {
  const { first } = Route.useSearch()
  return <ShortsPage key={first ?? ''} firstId={first} />
}
