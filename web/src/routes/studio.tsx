import { createFileRoute, redirect } from '@tanstack/react-router'
import { apiQuery } from '../data/use-api.ts'
import { useAccount } from '../data/use-session.ts'
import { StudioPage } from '../features/studio/studio-page.tsx'

export const Route = createFileRoute('/studio')({
  beforeLoad: async ({ context: { app } }) => {
    const { account } = await app.queryClient.ensureQueryData(apiQuery(app.api, 'get /api/me'))
    if (!account) throw redirect({ to: '/sign-in', search: { next: '/studio' } })
  },
  component: Page,
})

function Page() {
  const account = useAccount()
  // Somebody who signs out here is led away by the sign-out itself.
  return account ? <StudioPage account={account} /> : null
}
