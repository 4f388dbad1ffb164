import { createFileRoute } from '@tanstack/react-router'
import { AuditPage } from '../features/admin/audit-page.tsx'
import { requireStaff } from '../features/admin/staff.ts'

export const Route = createFileRoute('/admin/audit')({
  beforeLoad: requireStaff('audit:read'),
  component: AuditPage,
})
