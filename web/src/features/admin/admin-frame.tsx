import { Link, Outlet, useLocation } from '@tanstack/react-router'
import { useAccount } from '../../data/use-session.ts'
import { adminText } from '../../text/admin.ts'
import { StaffNeedsNotice, useNeedsSecondFactor } from '../settings/ways-in/staff-needs.tsx'
import { isShown } from './staff.ts'

const tabClass =
  'flex h-11 items-center border-b-2 border-transparent px-1 text-sm font-semibold text-text-2 hover:text-text-1 ' +
  'aria-[current=page]:border-accent aria-[current=page]:text-text-1'

/** What stands around every page of the administration. */
export function AdminFrame() {
  const account = useAccount()
  const isWaiting = useNeedsSecondFactor()
  const isAtPerson = useLocation({ select: ({ pathname }) => pathname.startsWith('/admin/people/') })
  const isAdmin = isShown(account, 'audit:read')
  return (
    <div className="mx-auto max-w-4xl px-4 pt-4 pb-16 md:px-6">
      <p className="text-xl font-bold">{adminText('title')}</p>
      <nav aria-label={adminText('sections')} className="mt-2 mb-6 flex gap-6 border-b border-line">
        <Link
          to="/admin"
          activeOptions={{ exact: true }}
          {...(isAtPerson && { 'aria-current': 'page' as const })}
          className={tabClass}
        >
          {adminText('people')}
        </Link>
        {isAdmin && (
          <>
            <Link to="/admin/requests" className={tabClass}>
              {adminText('requests')}
            </Link>
            <Link to="/admin/audit" activeOptions={{ includeSearch: false }} className={tabClass}>
              {adminText('audit')}
            </Link>
          </>
        )}
      </nav>
      {isWaiting ? <StaffNeedsNotice /> : <Outlet />}
    </div>
  )
}
