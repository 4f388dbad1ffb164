import { createFileRoute } from '@tanstack/react-router'
import { PersonPage } from '../features/admin/person-page.tsx'

export const Route = createFileRoute('/admin/people/$accountId')({ component: Page })

function Page() {
  const { accountId } = Route.useParams()
  return <PersonPage key={accountId} accountId={accountId} />
}
