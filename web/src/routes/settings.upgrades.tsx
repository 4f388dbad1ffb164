import { createFileRoute } from '@tanstack/react-router'
import { requireAccount } from '../features/account/require-account.ts'
import { UpgradesPage } from '../features/standing/upgrades-page.tsx'

export const Route = createFileRoute('/settings/upgrades')({
  beforeLoad: requireAccount,
  component: UpgradesPage,
})
