import { createFileRoute } from '@tanstack/react-router'
import { InboxPage } from '../features/inbox/inbox-page.tsx'

export const Route = createFileRoute('/inbox')({
  validateSearch: (search): { mail?: string } =>
    typeof search.mail === 'string' ? { mail: search.mail } : {},
  component: Page,
})

function Page() {
  const { mail } = Route.useSearch()
  return <InboxPage mailId={mail} />
}
