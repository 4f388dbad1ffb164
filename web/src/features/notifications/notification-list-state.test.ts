import { expect, test } from 'vitest'
import {
  emptyList,
  type Notification,
  type NotificationAction,
  notificationReducer,
} from './notification-list-state.ts'

const item = (seq: number): Notification => ({
  id: `n${seq}`,
  seq,
  kind: 'follow',
  actor: { id: 'ada', handle: 'ada', displayName: 'Ada', avatar: null },
  broadcast: null,
  createdAt: seq,
})
const items = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, at) => item(from + at))
const after = (...actions: NotificationAction[]) => {
  const list = actions.reduce(notificationReducer, emptyList)
  return { ...list, items: list.items.map(({ seq }) => seq) }
}

test('a notification that comes both as history and as a push is shown once', () => {
  const list = after({ type: 'started', items: items(1, 2) }, { type: 'received', items: [item(2), item(3)] })
  expect(list).toEqual({ items: [1, 2, 3], isLoaded: true, hasMore: false })
})

test('older ones go before what is known, and the answer says whether there are more', () => {
  const started = { type: 'started', items: items(8, 9) } as const
  expect(after(started).hasMore).toBe(true)
  const list = after(started, { type: 'older', items: items(6, 7), hasMore: false })
  expect(list).toEqual({ items: [6, 7, 8, 9], isLoaded: true, hasMore: false })
})

test('a new beginning continues the list where it can, and replaces it where something is missing between', () => {
  const started = { type: 'started', items: items(1, 3) } as const
  expect(after(started, { type: 'started', items: items(3, 5) }).items).toEqual([1, 2, 3, 4, 5])
  const replaced = after(started, { type: 'started', items: items(7, 9) })
  expect(replaced).toEqual({ items: [7, 8, 9], isLoaded: true, hasMore: true })
})

test('nobody was notified of anything yet', () => {
  expect(after({ type: 'started', items: [] })).toEqual({ items: [], isLoaded: true, hasMore: false })
})
