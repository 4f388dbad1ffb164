import { createFileRoute } from '@tanstack/react-router'
import { useAccount } from '../data/use-session.ts'
import { requireAccount } from '../features/account/require-account.ts'
import { StudioPage } from '../features/studio/studio-page.tsx'

export const Route = createFileRoute('/studio')({ beforeLoad: requireAccount, component: Page })

function Page() {
  const account = useAccount()
  // Somebody who signs out here is led away by the sign-out itself.
  return account ? <StudioPage account={account} /> : null
}
