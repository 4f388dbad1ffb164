import { createFileRoute } from '@tanstack/react-router'
import { useAccount } from '../data/use-session.ts'
import { requireAccount } from '../features/account/require-account.ts'
import { FollowingPage } from '../features/following/following-page.tsx'

export const Route = createFileRoute('/following')({ beforeLoad: requireAccount, component: Page })

function Page() {
  const account = useAccount()
  // Somebody who signs out here is led away by the sign-out itself.
  return account ? <FollowingPage key={account.id} userId={account.id} /> : null
}
