import { Link } from '@tanstack/react-router'
import { shell } from '../text/shell.ts'
import { useNavEntries } from './nav.ts'

/** The menu of phones. */
export function BottomBar() {
  return (
    <nav
      aria-label={shell('mainNavigation')}
      className="fixed inset-x-0 bottom-0 z-20 border-t border-line bg-surface-1 pb-[env(safe-area-inset-bottom)] md:hidden"
    >
      <ul className="flex h-14">
        {useNavEntries()?.map(({ to, label, icon: Icon }) => (
          <li key={to} className="flex-1">
            <Link
              to={to}
              activeOptions={{ exact: to === '/' }}
              className="flex h-14 flex-col items-center justify-center gap-0.5 text-xs text-text-3 aria-[current=page]:text-text-1"
            >
              <Icon aria-hidden size={22} />
              {label}
            </Link>
          </li>
        ))}
      </ul>
    </nav>
  )
}
