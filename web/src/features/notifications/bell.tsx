import { Link } from '@tanstack/react-router'
import { lazy, Suspense, useEffect, useRef, useState } from 'react'
import { useNotificationState } from '../../data/use-unread.ts'
import { notificationText } from '../../text/notifications.ts'
import { cx } from '../../ui/cx.ts'
import { BellFace, bellClass } from './bell-face.tsx'
import { notificationsLabel } from './unread-badge.tsx'

// The panel brings its positioning code along, which the first page does not wait for.
const BellPanel = lazy(() => import('./bell-panel.tsx').then((module) => ({ default: module.BellPanel })))

/** The bell of the top bar: a panel on wide screens, the page itself on phones. */
export function Bell({ userId }: { userId: string }) {
  const known = useNotificationState()?.unread
  const unread = known ?? 0
  const plain = <BellFace unread={unread} />
  return (
    <>
      <Link
        to="/notifications"
        aria-label={notificationsLabel(unread)}
        className={cx(bellClass, 'md:hidden')}
      >
        {plain}
      </Link>
      <div className="max-md:hidden">
        <Suspense fallback={<span className={bellClass}>{plain}</span>}>
          <BellPanel userId={userId} unread={unread} />
        </Suspense>
      </div>
      <UnreadNews unread={known} />
    </>
  )
}

/** Tells screen readers when there is something new; not what was there when the page opened, and not what was read. */
function UnreadNews({ unread }: { unread: number | undefined }) {
  const before = useRef<number>(undefined)
  const [news, setNews] = useState('')
  useEffect(() => {
    if (unread === undefined) return
    if (before.current !== undefined)
      setNews(unread > before.current ? notificationText('unread', { count: unread }) : '')
    before.current = unread
  }, [unread])
  return (
    <span role="status" className="sr-only">
      {news}
    </span>
  )
}
