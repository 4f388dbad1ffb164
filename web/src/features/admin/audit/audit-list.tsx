import { Link } from '@tanstack/react-router'
import { useApp } from '../../../data/app.tsx'
import { formatExact } from '../../../format/time.ts'
import { adminText, auditActionText } from '../../../text/admin.ts'
import { PagedList } from '../paged-list.tsx'
import type { AuditEntry } from '../staff.ts'
import { usePages } from '../use-pages.ts'
import { changesOf } from './audit-changes.ts'

/** What staff did to one account. */
export function PersonHistory({ accountId }: { accountId: string }) {
  const { api } = useApp()
  const key = 'get /api/admin/people/{accountId}/history'
  const pages = usePages([key, accountId], (cursor) =>
    api.request(key, { params: { accountId }, query: cursor }),
  )
  const entries = pages.pages?.flatMap((page) => page.entries) ?? []
  return (
    <PagedList
      pages={pages}
      rows={entries.map((entry) => <AuditRow key={entry.id} entry={entry} />)}
      empty={<p className="text-text-2">{adminText('historyEmpty')}</p>}
    />
  )
}

/** One line of the log: who did what to whom, why, and what changed. */
export function AuditRow({ entry }: { entry: AuditEntry }) {
  const { at, action, actor, subject, reason, network } = entry
  return (
    <li className="py-3">
      <p className="flex flex-wrap items-baseline gap-x-2">
        <span className="font-semibold">{auditActionText(action)}</span>
        <Name person={subject} />
        <span className="text-sm text-text-3">
          <time dateTime={new Date(at).toISOString()}>{formatExact(at)}</time>
        </span>
      </p>
      {reason && <p className="wrap-anywhere">{reason}</p>}
      <ul className="flex flex-wrap gap-x-4 text-sm text-text-2">
        {changesOf(entry).map((change) => (
          <li key={change} className="wrap-anywhere">
            {change}
          </li>
        ))}
      </ul>
      <p className="text-sm text-text-3">
        {adminText('doneBy')} {actor ? <Name person={actor} /> : adminText('server')}
        {network && ` ${adminText('from', { network })}`}
      </p>
    </li>
  )
}

function Name({ person }: { person: AuditEntry['subject'] }) {
  if (!person) return <span className="text-text-3">{adminText('gone')}</span>
  return (
    <Link
      to="/admin/people/$accountId"
      params={{ accountId: person.id }}
      className="underline underline-offset-2 hover:text-text-1"
    >
      @{person.handle}
    </Link>
  )
}
