import { createFileRoute } from '@tanstack/react-router'
import { requireAccount } from '../features/account/require-account.ts'
import { PasskeysPage } from '../features/settings/ways-in/passkeys-page.tsx'

export const Route = createFileRoute('/settings/passkeys')({
  beforeLoad: requireAccount,
  component: PasskeysPage,
})
