import { useEffect } from 'react'
import { useInView } from '../../data/use-in-view.ts'
import { useTitle } from '../../data/use-title.ts'
import { common } from '../../text/common.ts'
import { notificationText } from '../../text/notifications.ts'
import { Button } from '../../ui/button.tsx'
import { LoadingNote } from '../../ui/skeleton.tsx'
import { NotificationItems } from './notification-items.tsx'
import { NotificationSkeleton } from './notification-row.tsx'
import { type Notifications, useNotifications } from './use-notifications.ts'

/** Everything somebody was notified of. */
export function NotificationsPage({ userId }: { userId: string }) {
  useTitle(notificationText('title'))
  const notifications = useNotifications(userId)
  return (
    <div className="mx-auto max-w-2xl px-4 pt-4 pb-10 md:px-6">
      <h1 className="mb-3 px-3 text-xl font-bold">{notificationText('title')}</h1>
      <NotificationItems notifications={notifications} end={<Older notifications={notifications} />} />
    </div>
  )
}

/** Older ones are read before the end of the list comes into view. */
const AHEAD_PX = 600

function Older({ notifications }: { notifications: Notifications }) {
  const { list, isLoadingOlder, hasFailed, loadOlder } = notifications
  const [ref, isNear] = useInView(AHEAD_PX)
  const isDue = isNear && list.hasMore && !isLoadingOlder && !hasFailed
  useEffect(() => {
    if (isDue) loadOlder()
  }, [isDue, loadOlder])
  if (!list.hasMore) return <p className="px-3 py-6 text-center text-text-3">{notificationText('end')}</p>
  if (hasFailed)
    return (
      <div role="alert" className="flex flex-col items-center gap-3 px-3 py-6 text-text-2">
        {notificationText('moreFailed')}
        <Button onClick={loadOlder}>{common('retry')}</Button>
      </div>
    )
  return (
    <div ref={ref}>
      <LoadingNote />
      <NotificationSkeleton />
      <NotificationSkeleton />
    </div>
  )
}
