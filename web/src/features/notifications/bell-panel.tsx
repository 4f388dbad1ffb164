import { Link } from '@tanstack/react-router'
import { Popover } from 'radix-ui'
import { useState } from 'react'
import { notificationText } from '../../text/notifications.ts'
import { BellFace, bellClass } from './bell-face.tsx'
import { NotificationItems } from './notification-items.tsx'
import { notificationsLabel } from './unread-badge.tsx'
import { useNotifications } from './use-notifications.ts'

/** The bell with the newest notifications under it. */
export function BellPanel({ userId, unread }: { userId: string; unread: number }) {
  const [isOpen, setIsOpen] = useState(false)
  const label = notificationsLabel(unread)
  return (
    <Popover.Root open={isOpen} onOpenChange={setIsOpen}>
      <Popover.Trigger aria-label={label} title={label} className={bellClass}>
        <BellFace unread={unread} />
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Content
          align="end"
          sideOffset={8}
          aria-label={notificationText('title')}
          className="z-50 flex max-h-[min(640px,calc(100dvh-80px))] w-[400px] flex-col rounded-md border border-line bg-surface-1 shadow-xl shadow-black/15 outline-none data-[state=open]:animate-appear"
        >
          <Panel userId={userId} onLeave={() => setIsOpen(false)} />
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  )
}

function Panel({ userId, onLeave }: { userId: string; onLeave: () => void }) {
  const notifications = useNotifications(userId)
  return (
    <>
      <div className="flex shrink-0 items-center justify-between border-b border-line py-2 pr-2 pl-4">
        <h2 className="text-base font-semibold">{notificationText('title')}</h2>
        <Link
          to="/notifications"
          onClick={onLeave}
          className="rounded-full px-3 py-1.5 font-semibold text-accent hover:bg-surface-2"
        >
          {notificationText('seeAll')}
        </Link>
      </div>
      <section
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard (WCAG 2.1.1).
        tabIndex={0}
        aria-label={notificationText('title')}
        className="min-h-80 flex-1 overflow-y-auto overscroll-contain p-1.5"
      >
        <NotificationItems notifications={notifications} onLeave={onLeave} />
      </section>
    </>
  )
}
