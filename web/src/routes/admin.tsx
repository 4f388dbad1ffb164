import { createFileRoute } from '@tanstack/react-router'
import { AdminFrame } from '../features/admin/admin-frame.tsx'
import { requireStaff } from '../features/admin/staff.ts'

export const Route = createFileRoute('/admin')({
  beforeLoad: requireStaff('people:look'),
  component: AdminFrame,
})
