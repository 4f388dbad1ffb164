import { Link, useLocation } from '@tanstack/react-router'
import { Menu, Radio } from 'lucide-react'
import { lazy, Suspense } from 'react'
import { useAccount } from '../data/use-session.ts'
import { Bell } from '../features/notifications/bell.tsx'
import { common } from '../text/common.ts'
import { shell } from '../text/shell.ts'
import { Avatar } from '../ui/avatar.tsx'
import { buttonClass, IconButton } from '../ui/button.tsx'
import { cx } from '../ui/cx.ts'
import { LogoMark } from '../ui/logo.tsx'
import { Skeleton } from '../ui/skeleton.tsx'

// The menus bring their positioning code along, which somebody who only watches never needs.
const OwnMenus = lazy(() => import('./menus/own-menus.tsx').then((module) => ({ default: module.OwnMenus })))

export function TopBar({ isRailWide, onRailToggle }: { isRailWide: boolean; onRailToggle: () => void }) {
  return (
    <header className="sticky top-0 z-30 flex h-14 items-center gap-2 bg-surface-0 px-3 md:px-5">
      <IconButton
        icon={Menu}
        label={shell(isRailWide ? 'collapseRail' : 'expandRail')}
        aria-expanded={isRailWide}
        onClick={onRailToggle}
        className="max-md:hidden"
      />
      <Link to="/" className="flex items-center gap-2.5 rounded-sm md:ml-1">
        <LogoMark />
        <span className="text-lg font-bold tracking-tight max-sm:text-base">{common('appName')}</span>
      </Link>
      <div className="ml-auto flex items-center gap-2">
        <Link to="/studio" className={cx(buttonClass('quiet'), 'aria-[current=page]:hidden max-sm:px-3')}>
          <Radio aria-hidden size={18} className="text-live max-sm:hidden" />
          {common('goLive')}
        </Link>
        <AccountCorner />
      </div>
    </header>
  )
}

/** Pages about coming in. */
const DOORS = [
  '/sign-in',
  '/sign-up',
  '/verify',
  '/link',
  '/forgot',
  '/reset',
  '/confirm-email',
  '/undo-email',
]

function AccountCorner() {
  const account = useAccount()
  const { pathname, href } = useLocation()
  // As wide as the menu, bell and avatar, or as the button to sign in.
  if (account === undefined)
    return (
      <div className="flex w-33 justify-end">
        <Skeleton className="size-9 rounded-full!" />
      </div>
    )
  if (account === null) {
    const isAtDoor = DOORS.includes(pathname)
    if (isAtDoor) return null
    return (
      <Link to="/sign-in" search={{ next: href }} className={buttonClass('primary')}>
        {common('signIn')}
      </Link>
    )
  }
  return (
    <>
      <Bell key={account.id} userId={account.id} />
      <Suspense
        fallback={
          <span className="pl-12">
            <Avatar handle={account.handle} name={account.displayName} picture={account.avatar} />
          </span>
        }
      >
        <OwnMenus account={account} />
      </Suspense>
    </>
  )
}
