import { skipToken, useQuery } from '@tanstack/react-query'
import type { TopicItem } from '../../../src/contract/index.ts'
import { useApp } from './app.tsx'
import { useAccount } from './use-session.ts'
import { useTopic } from './use-topic.ts'

type NotificationState = TopicItem<`notification-state:${string}`>

const keyOf = (userId: string | undefined) => ['notification-state', userId]

/** What is unread, `undefined` while nobody is signed in or it is not known yet. Kept up to date by `useUnreadKeeper`. */
export function useNotificationState(): NotificationState | undefined {
  return useQuery<NotificationState>({ queryKey: keyOf(useAccount()?.id), queryFn: skipToken }).data
}

/** How many notifications are unread; 0 while that is not known. */
export const useUnread = (): number => useNotificationState()?.unread ?? 0

/** Follows what is unread; once, in what stands around every page. */
export function useUnreadKeeper(): void {
  const { queryClient } = useApp()
  const userId = useAccount()?.id
  const keep = (values: NotificationState[]) => {
    const newest = values.at(-1)
    if (newest) queryClient.setQueryData(keyOf(userId), newest)
  }
  useTopic(userId === undefined ? undefined : `notification-state:${userId}`, {
    onStart: keep,
    onItems: keep,
  })
}
