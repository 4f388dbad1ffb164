import { type FormEvent, useState } from 'react'
import { AUDIT_ACTIONS, type AuditAction } from '../../../../../src/core/access/audit-actions.ts'
import { useApp } from '../../../data/app.tsx'
import { useTitle } from '../../../data/use-title.ts'
import { adminText, auditActionText } from '../../../text/admin.ts'
import { Button } from '../../../ui/button.tsx'
import { Field, SelectField } from '../../../ui/field.tsx'
import { Notice } from '../../../ui/notice.tsx'
import { PagedList } from '../paged-list.tsx'
import { usePages } from '../use-pages.ts'
import { type AuditFilter, HANDLE_MAX, handleOf, queryOf, SPANS, type Span } from './audit-filter.ts'
import { AuditRow } from './audit-list.tsx'

type Props = { filter: AuditFilter; onFilter: (filter: AuditFilter) => void }

/** What was done by special rights, the newest first. The filter is in the address, so that it can be sent and returned to. */
export function AuditPage({ filter, onFilter }: Props) {
  useTitle(adminText('audit'))
  const { api } = useApp()
  const pages = usePages(['get /api/admin/audit', filter], (cursor) =>
    api.request('get /api/admin/audit', { query: { ...queryOf(filter, Date.now()), ...cursor } }),
  )
  const entries = pages.pages?.flatMap((page) => page.entries) ?? []
  return (
    <>
      <h1 className="sr-only">{adminText('audit')}</h1>
      <Filters filter={filter} onFilter={onFilter} />
      <PagedList
        pages={pages}
        rows={entries.map((entry) => <AuditRow key={entry.id} entry={entry} />)}
        empty={<Notice level={2} title={adminText('auditEmpty')} hint={adminText('auditEmptyHint')} />}
      />
    </>
  )
}

const ALL = { value: '', label: adminText('filterAll') }
const ACTION_OPTIONS = [ALL, ...AUDIT_ACTIONS.map((value) => ({ value, label: auditActionText(value) }))]
const SPAN_OPTIONS = [
  { value: '', label: adminText('timeAll') },
  ...(Object.keys(SPANS) as Span[]).map((value) => ({ value, label: adminText(value) })),
]

function Filters({ filter, onFilter }: Props) {
  const { action = '', span = '', actor = '', subject = '' } = filter
  const change = (changed: { [name in keyof AuditFilter]: string }) => {
    const wanted = Object.entries({ ...filter, ...changed }).filter(([, value]) => value !== '')
    onFilter(Object.fromEntries(wanted) as AuditFilter)
  }
  return (
    <div className="mb-4 grid grid-cols-2 items-start gap-4 lg:grid-cols-4">
      <SelectField
        label={adminText('filterAction')}
        value={action}
        onChange={(event) => change({ action: event.target.value as AuditAction | '' })}
        options={ACTION_OPTIONS}
      />
      <SelectField
        label={adminText('filterTime')}
        value={span}
        onChange={(event) => change({ span: event.target.value as Span | '' })}
        options={SPAN_OPTIONS}
      />
      {/* What is typed is taken with Enter or on leaving: the beginning of a handle is nobody's. */}
      <HandleField
        key={`by-${actor}`}
        label={adminText('filterActor')}
        handle={actor}
        onHandle={(actor) => change({ actor })}
      />
      <HandleField
        key={`to-${subject}`}
        label={adminText('filterSubject')}
        handle={subject}
        onHandle={(subject) => change({ subject })}
      />
      {Object.keys(filter).length > 0 && (
        <Button size="sm" className="justify-self-start" onClick={() => onFilter({})}>
          {adminText('filterClear')}
        </Button>
      )}
    </div>
  )
}

type HandleFieldProps = { label: string; handle: string; onHandle: (handle: string) => void }

function HandleField({ label, handle, onHandle }: HandleFieldProps) {
  const [typed, setTyped] = useState(handle)
  const take = () => {
    if (handleOf(typed) !== handle) onHandle(handleOf(typed))
  }
  const submit = (event: FormEvent) => {
    event.preventDefault()
    take()
  }
  return (
    <form onSubmit={submit} className="min-w-0">
      <Field
        label={label}
        hint={adminText('filterHandleHint')}
        type="search"
        value={typed}
        maxLength={HANDLE_MAX}
        autoComplete="off"
        autoCapitalize="none"
        spellCheck={false}
        enterKeyHint="search"
        onChange={(event) => setTyped(event.target.value)}
        onBlur={take}
      />
    </form>
  )
}
