import { createFileRoute } from '@tanstack/react-router'
import { type AuditFilter, filterIn } from '../features/admin/audit/audit-filter.ts'
import { AuditPage } from '../features/admin/audit/audit-page.tsx'
import { requireStaff } from '../features/admin/staff.ts'

export const Route = createFileRoute('/admin/audit')({
  // What routes do before they load is in the script of every page: the address is understood by the page itself.
  validateSearch: (search): { [name in keyof AuditFilter]?: unknown } => search,
  beforeLoad: requireStaff('audit:read'),
  component: Page,
})

function Page() {
  const filter = filterIn(Route.useSearch())
  const navigate = Route.useNavigate()
  return <AuditPage filter={filter} onFilter={(search) => void navigate({ search, replace: true })} />
}
