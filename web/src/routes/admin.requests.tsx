import { createFileRoute } from '@tanstack/react-router'
import { RequestsPage } from '../features/admin/requests-page.tsx'
import { requireStaff } from '../features/admin/staff.ts'

export const Route = createFileRoute('/admin/requests')({
  beforeLoad: requireStaff('upgrade:decide'),
  component: RequestsPage,
})
