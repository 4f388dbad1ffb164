import { createFileRoute } from '@tanstack/react-router'
import { UndoPage } from '../features/account/recovery/undo-page.tsx'

export const Route = createFileRoute('/undo-email')({
  validateSearch: (search) => ({ token: String(search.token ?? '') }),
  component: Page,
})

function Page() {
  const { token } = Route.useSearch()
  return <UndoPage key={token} token={token} />
}
