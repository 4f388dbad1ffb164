import { createFileRoute } from '@tanstack/react-router'
import { requireAccount } from '../features/account/require-account.ts'
import { ConnectedPage } from '../features/settings/ways-in/connected-page.tsx'

export const Route = createFileRoute('/settings/connected')({
  beforeLoad: requireAccount,
  component: ConnectedPage,
})
