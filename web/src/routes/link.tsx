import { createFileRoute } from '@tanstack/react-router'
import { TokenPage } from '../features/account/token-page.tsx'

export const Route = createFileRoute('/link')({
  validateSearch: (search) => ({ token: String(search.token ?? '') }),
  component: Page,
})

function Page() {
  const { token } = Route.useSearch()
  return <TokenPage key={token} kind="link" token={token} />
}
