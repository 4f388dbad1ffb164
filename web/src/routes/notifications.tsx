import { createFileRoute } from '@tanstack/react-router'
import { useAccount } from '../data/use-session.ts'
import { requireAccount } from '../features/account/require-account.ts'
import { NotificationsPage } from '../features/notifications/notifications-page.tsx'

export const Route = createFileRoute('/notifications')({ beforeLoad: requireAccount, component: Page })

function Page() {
  const account = useAccount()
  // Somebody who signs out here is led away by the sign-out itself.
  return account ? <NotificationsPage key={account.id} userId={account.id} /> : null
}
