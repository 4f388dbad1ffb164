import type { TopicItem } from '../../../../src/contract/index.ts'

export type Notification = TopicItem<`notifications:${string}`>

/** `items` are in order of seq, the newest last, and without holes: older ones are read page by page. */
export type NotificationList = {
  items: readonly Notification[]
  isLoaded: boolean
  /** Whether there are older ones to read. */
  hasMore: boolean
}

export type NotificationAction =
  | { type: 'started'; items: readonly Notification[] }
  | { type: 'received'; items: readonly Notification[] }
  | { type: 'older'; items: readonly Notification[]; hasMore: boolean }

export const emptyList: NotificationList = { items: [], isLoaded: false, hasMore: false }

export function notificationReducer(list: NotificationList, action: NotificationAction): NotificationList {
  switch (action.type) {
    case 'started':
      return restart(list, action.items)
    case 'received':
      return { ...list, items: merge(list.items, action.items) }
    case 'older':
      return { ...list, items: merge(list.items, action.items), hasMore: action.hasMore }
  }
}

/** A beginning that continues what is known is added to it; otherwise it takes its place. */
function restart(list: NotificationList, items: readonly Notification[]): NotificationList {
  const first = items[0]?.seq
  const last = list.items.at(-1)?.seq
  const isContinued = first !== undefined && last !== undefined && first <= last + 1
  if (isContinued) return { ...list, isLoaded: true, items: merge(list.items, items) }
  return { isLoaded: true, items: [...items], hasMore: first !== undefined && first > 1 }
}

function merge(known: readonly Notification[], items: readonly Notification[]): readonly Notification[] {
  if (items.length === 0) return known
  const bySeq = new Map([...known, ...items].map((item) => [item.seq, item]))
  return [...bySeq.values()].sort((a, b) => a.seq - b.seq)
}
