import { createFileRoute } from '@tanstack/react-router'
import { requireAccount } from '../features/account/require-account.ts'
import { ManagerPage } from '../features/videos/manager-page.tsx'

export const Route = createFileRoute('/studio_/videos')({
  beforeLoad: requireAccount,
  component: ManagerPage,
})
