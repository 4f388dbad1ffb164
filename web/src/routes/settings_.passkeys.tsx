import { createFileRoute } from '@tanstack/react-router'
import { requireAccount } from '../features/account/require-account.ts'
import { PasskeysPage } from '../features/settings/passkeys-page.tsx'

export const Route = createFileRoute('/settings_/passkeys')({
  beforeLoad: requireAccount,
  component: PasskeysPage,
})
