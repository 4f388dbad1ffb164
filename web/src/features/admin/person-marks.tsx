import { adminText } from '../../text/admin.ts'
import { cx } from '../../ui/cx.ts'
import { roleText } from './role-text.ts'
import type { Person } from './staff.ts'

const markClass = 'inline-flex h-6 items-center rounded-sm px-2 text-xs font-semibold whitespace-nowrap'

/** Role of staff, and what stands against an account. */
export function Marks({ person: { role, sanction } }: { person: Pick<Person, 'role' | 'sanction'> }) {
  return (
    <span className="flex flex-wrap justify-end gap-1.5">
      {role !== 'member' && <span className={cx(markClass, 'bg-surface-3')}>{roleText(role)}</span>}
      {sanction && (
        <span className={cx(markClass, 'border border-danger/50 text-danger')}>
          {adminText(sanction.kind)}
        </span>
      )}
    </span>
  )
}
