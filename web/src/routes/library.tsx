import { createFileRoute } from '@tanstack/react-router'
import { useAccount } from '../data/use-session.ts'
import { requireAccount } from '../features/account/require-account.ts'
import { LibraryPage } from '../features/playlists/page/library-page.tsx'

export const Route = createFileRoute('/library')({ beforeLoad: requireAccount, component: Page })

function Page() {
  const account = useAccount()
  // Somebody who signs out here is led away by the sign-out itself.
  return account ? <LibraryPage key={account.id} /> : null
}
