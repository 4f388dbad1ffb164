import { createFileRoute } from '@tanstack/react-router'
import { ResetPage } from '../features/account/recovery/reset-page.tsx'

export const Route = createFileRoute('/reset')({
  validateSearch: (search) => ({ token: String(search.token ?? '') }),
  component: Page,
})

function Page() {
  const { token } = Route.useSearch()
  return <ResetPage key={token} token={token} />
}
