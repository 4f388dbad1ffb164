import { createFileRoute } from '@tanstack/react-router'
import { useAccount } from '../data/use-session.ts'
import { requireAccount } from '../features/account/require-account.ts'
import { PrivacyPage } from '../features/safety/privacy-page.tsx'

export const Route = createFileRoute('/settings/privacy')({ beforeLoad: requireAccount, component: Page })

function Page() {
  const account = useAccount()
  // Somebody who signs out here is led away by the sign-out itself.
  return account ? <PrivacyPage key={account.id} /> : null
}
