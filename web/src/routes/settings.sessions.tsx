import { createFileRoute } from '@tanstack/react-router'
import { requireAccount } from '../features/account/require-account.ts'
import { SessionsSettings } from '../features/settings/sessions.tsx'

export const Route = createFileRoute('/settings/sessions')({
  beforeLoad: requireAccount,
  component: SessionsSettings,
})
