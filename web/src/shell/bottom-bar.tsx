import { Link } from '@tanstack/react-router'
import { NavFace } from '../features/notifications/nav-face.tsx'
import { shell } from '../text/shell.ts'
import { useNavEntries } from './nav.ts'

/** The menu of phones. */
export function BottomBar() {
  const entries = useNavEntries()?.filter(({ isOnPhones }) => isOnPhones)
  return (
    <nav
      aria-label={shell('mainNavigation')}
      className="fixed inset-x-0 bottom-0 z-20 border-t border-line bg-surface-1 pb-[env(safe-area-inset-bottom)] md:hidden"
    >
      <ul className="flex h-14">
        {entries?.map((entry) => (
          <li key={entry.to} className="min-w-0 flex-1">
            <Link
              to={entry.to}
              activeOptions={{ exact: entry.to === '/' }}
              className="flex h-14 flex-col items-center justify-center gap-0.5 text-xs text-text-3 aria-[current=page]:text-text-1"
            >
              <NavFace entry={entry} />
            </Link>
          </li>
        ))}
      </ul>
    </nav>
  )
}
