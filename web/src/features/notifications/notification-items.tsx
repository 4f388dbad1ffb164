import { BellRing } from 'lucide-react'
import type { ReactNode } from 'react'
import { useInView } from '../../data/use-in-view.ts'
import { useNow } from '../../data/use-now.ts'
import { notificationText } from '../../text/notifications.ts'
import { Notice } from '../../ui/notice.tsx'
import { LoadingNote } from '../../ui/skeleton.tsx'
import { useHidden } from '../safety/use-hidden.ts'
import { NotificationRow, NotificationSkeleton } from './notification-row.tsx'
import { useMarkRead, useReadBefore } from './use-mark-read.ts'
import type { Notifications } from './use-notifications.ts'

const SKELETONS = ['a', 'b', 'c', 'd', 'e', 'f']

type Props = {
  notifications: Notifications
  /** What stands after the oldest one. */
  end?: ReactNode
  onLeave?: () => void
}

/** The list itself, the newest first; what is on screen is told to the server as read. */
export function NotificationItems({ notifications: { list, isClosed }, end, onLeave }: Props) {
  const nowMs = useNow(15_000)
  const [top, isTopSeen] = useInView()
  const readBefore = useReadBefore()
  const hidden = useHidden()
  // Somebody who reads further down has not seen what came in at the top.
  useMarkRead(isTopSeen ? list.items.at(-1)?.seq : undefined)
  // Whoever is gone, or not to be heard of any more, keeps their place in the numbers alone.
  const shown = list.items.filter(({ actor }) => actor !== null && !hidden.has(actor.id))
  if (isClosed)
    return (
      <p role="alert" className="px-3 py-8 text-center text-text-2">
        {notificationText('closed')}
      </p>
    )
  if (!list.isLoaded)
    return (
      <div>
        <LoadingNote />
        {SKELETONS.map((name) => (
          <NotificationSkeleton key={name} />
        ))}
      </div>
    )
  if (shown.length === 0)
    return (
      <Notice
        level={2}
        className="py-12!"
        art={<BellRing aria-hidden size={40} className="text-text-3" />}
        title={notificationText('emptyTitle')}
        hint={notificationText('emptyHint')}
      />
    )
  return (
    <>
      <div ref={top} aria-hidden className="h-px" />
      <ul data-testid="notification-list">
        {shown.toReversed().map((item) => (
          <NotificationRow
            key={item.seq}
            item={item}
            nowMs={nowMs}
            isNew={item.seq > readBefore}
            onLeave={onLeave}
          />
        ))}
      </ul>
      {end}
    </>
  )
}
