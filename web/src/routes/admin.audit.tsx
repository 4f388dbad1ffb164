import { createFileRoute } from '@tanstack/react-router'
import { filterIn } from '../features/admin/audit/audit-filter.ts'
import { AuditPage } from '../features/admin/audit/audit-page.tsx'
import { requireStaff } from '../features/admin/staff.ts'

export const Route = createFileRoute('/admin/audit')({
  validateSearch: filterIn,
  beforeLoad: requireStaff('audit:read'),
  component: Page,
})

function Page() {
  const filter = Route.useSearch()
  const navigate = Route.useNavigate()
  return <AuditPage filter={filter} onFilter={(search) => void navigate({ search, replace: true })} />
}
