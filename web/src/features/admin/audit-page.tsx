import { useState } from 'react'
import { useApp } from '../../data/app.tsx'
import { useTitle } from '../../data/use-title.ts'
import { adminText, auditActionText } from '../../text/admin.ts'
import { SelectField } from '../../ui/field.tsx'
import { Notice } from '../../ui/notice.tsx'
import { AuditRow } from './audit-list.tsx'
import { PagedList } from './paged-list.tsx'
import type { AuditEntry } from './staff.ts'
import { usePages } from './use-pages.ts'

const DAY_MS = 24 * 3_600_000
/** How far back, in milliseconds. */
const SPANS = { timeAll: undefined, timeDay: DAY_MS, timeWeek: 7 * DAY_MS, timeMonth: 30 * DAY_MS } as const
type Span = keyof typeof SPANS

const ACTIONS = [
  'account.suspend',
  'account.ban',
  'account.lift',
  'account.role',
  'account.upgrade',
  'token.create',
  'token.revoke',
] as const satisfies AuditEntry['action'][]

/** What was done by special rights, the newest first. */
export function AuditPage() {
  useTitle(adminText('audit'))
  const { api } = useApp()
  const [action, setAction] = useState<AuditEntry['action'] | ''>('')
  const [span, setSpan] = useState<Span>('timeAll')
  const pages = usePages(['get /api/admin/audit', action, span], (cursor) => {
    const spanMs = SPANS[span]
    const since = spanMs === undefined ? {} : { since: Date.now() - spanMs }
    return api.request('get /api/admin/audit', { query: { ...(action && { action }), ...since, ...cursor } })
  })
  const entries = pages.pages?.flatMap((page) => page.entries) ?? []
  return (
    <>
      <h1 className="sr-only">{adminText('audit')}</h1>
      <div className="mb-4 grid gap-4 sm:grid-cols-2">
        <SelectField
          label={adminText('filterAction')}
          value={action}
          onChange={(event) => setAction(event.target.value as AuditEntry['action'] | '')}
          options={[
            { value: '', label: adminText('filterAll') },
            ...ACTIONS.map((value) => ({ value, label: auditActionText(value) })),
          ]}
        />
        <SelectField
          label={adminText('filterTime')}
          value={span}
          onChange={(event) => setSpan(event.target.value as Span)}
          options={(Object.keys(SPANS) as Span[]).map((value) => ({ value, label: adminText(value) }))}
        />
      </div>
      <PagedList
        pages={pages}
        rows={entries.map((entry) => <AuditRow key={entry.id} entry={entry} />)}
        empty={<Notice level={2} title={adminText('auditEmpty')} hint={adminText('auditEmptyHint')} />}
      />
    </>
  )
}
