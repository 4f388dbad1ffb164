import { useLocation } from '@tanstack/react-router'
import { lazy, type ReactNode, Suspense, useEffect, useRef, useState, useSyncExternalStore } from 'react'
import { useApp } from '../data/app.tsx'
import { useStored } from '../data/stored.ts'
import { useApi } from '../data/use-api.ts'
import { useUnreadKeeper } from '../data/use-unread.ts'
import { useRightsKeeper } from '../features/standing/use-rights-keeper.ts'
import { shell } from '../text/shell.ts'
import { cx } from '../ui/cx.ts'
import { BottomBar } from './bottom-bar.tsx'
import { ConnectionBar } from './connection-bar.tsx'
import { Rail } from './rail.tsx'
import { Shortcuts } from './shortcuts.tsx'
import { TopBar } from './top-bar.tsx'

/** What stands around every page: top bar, menus, notices. */
export function Shell({ children }: { children: ReactNode }) {
  const { pathname } = useLocation()
  const isWatching = pathname.startsWith('/live/') || pathname.startsWith('/watch/')
  const [isRailWide, toggleRail] = useRail(isWatching || pathname === '/studio')
  const content = useContentFocus(pathname)
  useUnreadKeeper()
  useRightsKeeper()
  return (
    <>
      <a
        href="#content"
        className="fixed top-2 left-2 z-50 -translate-y-20 rounded-full bg-accent px-4 py-2 font-semibold text-on-accent focus:translate-y-0"
      >
        {shell('skipToContent')}
      </a>
      <TopBar isRailWide={isRailWide} onRailToggle={toggleRail} />
      <ConnectionBar />
      <div className={cx('flex', !isWatching && 'max-md:pb-16')}>
        <Rail isWide={isRailWide} />
        <main ref={content} id="content" tabIndex={-1} className="min-w-0 flex-1 outline-none">
          <Suspended />
          <Staying>{children}</Staying>
        </main>
      </div>
      {!isWatching && <BottomBar />}
      <Shortcuts />
      <StepUpQuestion />
    </>
  )
}

// What few accounts ever see comes when they do.
const SuspensionNotice = lazy(() =>
  import('../features/standing/suspension-notice.tsx').then((it) => ({ default: it.SuspensionNotice })),
)

function Suspended() {
  const isSuspended = Boolean(useApi('get /api/me').data?.suspension)
  return isSuspended ? (
    <Suspense>
      <SuspensionNotice />
    </Suspense>
  ) : null
}

const LeavingPage = lazy(() =>
  import('../features/data/leaving-page.tsx').then((it) => ({ default: it.LeavingPage })),
)

/** Every page, but for whoever waits to be deleted: they can do nothing on any of them. */
function Staying({ children }: { children: ReactNode }) {
  const deletion = useApi('get /api/me').data?.deletion
  return deletion ? (
    <Suspense>
      <LeavingPage eraseAt={deletion.eraseAt} />
    </Suspense>
  ) : (
    children
  )
}

// Asked rarely: its code comes with the first question.
const StepUpDialog = lazy(() =>
  import('../features/account/step-up-dialog.tsx').then((it) => ({ default: it.StepUpDialog })),
)

function StepUpQuestion() {
  const { stepUp } = useApp()
  const isAsking = useSyncExternalStore(stepUp.onChange, stepUp.isAsking)
  return isAsking ? (
    <Suspense>
      <StepUpDialog />
    </Suspense>
  ) : null
}

/** Below this width a wide menu would take more than a fifth of the page. */
const WIDE_RAIL_QUERY = '(min-width: 1200px)'

/** Pages whose content is a picture begin with the menu collapsed, whatever was chosen elsewhere. */
function useRail(isPictureFirst: boolean): [isWide: boolean, toggle: () => void] {
  const [kept, setKept] = useStored<'wide' | 'narrow'>(
    'rail',
    matchMedia(WIDE_RAIL_QUERY).matches ? 'wide' : 'narrow',
  )
  const [isWideHere, setIsWideHere] = useState(false)
  if (isPictureFirst) return [isWideHere, () => setIsWideHere(!isWideHere)]
  return [kept === 'wide', () => setKept(kept === 'wide' ? 'narrow' : 'wide')]
}

/** After a change of page, reading and tabbing begin at its content. */
function useContentFocus(pathname: string) {
  const content = useRef<HTMLElement>(null)
  const before = useRef(pathname)
  useEffect(() => {
    if (before.current === pathname) return
    before.current = pathname
    content.current?.focus({ preventScroll: true })
  }, [pathname])
  return content
}
