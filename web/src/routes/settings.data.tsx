import { createFileRoute } from '@tanstack/react-router'
import { requireAccount } from '../features/account/require-account.ts'
import { DataPage } from '../features/data/data-page.tsx'

export const Route = createFileRoute('/settings/data')({
  beforeLoad: requireAccount,
  component: DataPage,
})
