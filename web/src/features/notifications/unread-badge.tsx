import { notificationText } from '../../text/notifications.ts'
import { cx } from '../../ui/cx.ts'

/** More digits than two would cover the icon. */
const MOST_SHOWN = 99

/** A number at the corner of an icon, in a place of its own so that nothing moves. Its words stand in the icon's label. */
export function UnreadBadge({ unread, className }: { unread: number; className?: string }) {
  if (unread === 0) return null
  return (
    <span
      aria-hidden
      data-testid="unread"
      className={cx(
        'pointer-events-none absolute flex h-4.5 min-w-4.5 animate-appear items-center justify-center rounded-full bg-live px-1',
        'text-[11px] leading-none font-bold text-on-live tabular-nums ring-2 ring-surface-0',
        className,
      )}
    >
      {unread > MOST_SHOWN ? notificationText('manyUnread', { most: MOST_SHOWN }) : unread}
    </span>
  )
}

/** The name of everything that leads to the notifications. */
export const notificationsLabel = (unread: number): string =>
  unread > 0 ? notificationText('withUnread', { count: unread }) : notificationText('title')
