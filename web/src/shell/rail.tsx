import { Link } from '@tanstack/react-router'
import { NavFace } from '../features/notifications/nav-face.tsx'
import { shell } from '../text/shell.ts'
import { IconButton } from '../ui/button.tsx'
import { cx } from '../ui/cx.ts'
import { type NavEntry, useNavEntries } from './nav.ts'
import { THEME_ICONS, THEMES, themeLabel, useTheme } from './theme.tsx'

/** The menu at the left of wide screens: icons with small labels, or rows when it is wide. */
export function Rail({ isWide }: { isWide: boolean }) {
  const entries = useNavEntries()
  return (
    <nav
      aria-label={shell('mainNavigation')}
      className={cx(
        'sticky top-14 hidden h-[calc(100dvh-56px)] shrink-0 flex-col justify-between pt-2 pb-3 md:flex',
        isWide ? 'w-56 px-2' : 'w-22 px-1',
      )}
    >
      <ul className="flex flex-col gap-1">
        {entries?.map((entry) => (
          <li key={entry.to}>
            <RailLink entry={entry} isWide={isWide} />
          </li>
        ))}
      </ul>
      <ThemeButton isWide={isWide} />
    </nav>
  )
}

function RailLink({ entry, isWide }: { entry: NavEntry; isWide: boolean }) {
  const { to } = entry
  return (
    <Link
      to={to}
      activeOptions={{ exact: to === '/' }}
      className={cx(
        'flex items-center rounded-md text-text-2 transition-colors hover:bg-surface-2 hover:text-text-1',
        'aria-[current=page]:bg-surface-2 aria-[current=page]:text-text-1',
        isWide ? 'h-11 gap-4 px-4 text-sm font-medium' : 'h-16 flex-col justify-center gap-1 text-xs',
      )}
    >
      <NavFace entry={entry} />
    </Link>
  )
}

/** Goes through system, light and dark; the settings have the same as a choice. */
function ThemeButton({ isWide }: { isWide: boolean }) {
  const { theme, setTheme } = useTheme()
  const next = THEMES[(THEMES.indexOf(theme) + 1) % THEMES.length] ?? 'system'
  return (
    <div className={cx('flex', isWide ? 'px-2' : 'justify-center')}>
      <IconButton
        icon={THEME_ICONS[theme]}
        label={`${shell('theme')}: ${themeLabel(theme)}`}
        onClick={() => setTheme(next)}
      />
    </div>
  )
}
