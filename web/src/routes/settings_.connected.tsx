import { createFileRoute } from '@tanstack/react-router'
import { requireAccount } from '../features/account/require-account.ts'
import { ConnectedPage } from '../features/settings/connected-page.tsx'

export const Route = createFileRoute('/settings_/connected')({
  beforeLoad: requireAccount,
  component: ConnectedPage,
})
