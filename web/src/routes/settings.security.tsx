import { createFileRoute } from '@tanstack/react-router'
import { requireAccount } from '../features/account/require-account.ts'
import { SecuritySettings } from '../features/settings/security.tsx'

export const Route = createFileRoute('/settings/security')({
  beforeLoad: requireAccount,
  component: SecuritySettings,
})
