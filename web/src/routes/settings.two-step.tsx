import { createFileRoute } from '@tanstack/react-router'
import { requireAccount } from '../features/account/require-account.ts'
import { TwoStepPage } from '../features/settings/ways-in/two-step-page.tsx'

export const Route = createFileRoute('/settings/two-step')({
  beforeLoad: requireAccount,
  component: TwoStepPage,
})
