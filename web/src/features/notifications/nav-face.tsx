import type { LucideIcon } from 'lucide-react'
import { notificationText } from '../../text/notifications.ts'
import { UnreadBadge } from './unread-badge.tsx'

type Entry = { label: string; icon: LucideIcon; unread: number }

/** Icon and word of a menu's entry, with the number of what is unread. */
export function NavFace({ entry: { label, icon: Icon, unread } }: { entry: Entry }) {
  return (
    <>
      <span className="relative">
        <Icon aria-hidden size={22} />
        <UnreadBadge unread={unread} className="-top-1.5 left-3" />
      </span>
      <span className="max-w-full truncate">{label}</span>
      {unread > 0 && <span className="sr-only">, {notificationText('unread', { count: unread })}</span>}
    </>
  )
}
