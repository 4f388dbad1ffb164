import { createFileRoute } from '@tanstack/react-router'
import { ConfirmEmailPage } from '../features/account/recovery/confirm-email-page.tsx'

export const Route = createFileRoute('/confirm-email')({
  validateSearch: (search) => ({ token: String(search.token ?? '') }),
  component: Page,
})

function Page() {
  const { token } = Route.useSearch()
  return <ConfirmEmailPage key={token} token={token} />
}
