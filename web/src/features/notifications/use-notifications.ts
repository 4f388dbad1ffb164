import { useCallback, useReducer, useRef, useState } from 'react'
import { useApp } from '../../data/app.tsx'
import { useTopic } from '../../data/use-topic.ts'
import { emptyList, type NotificationList, notificationReducer } from './notification-list-state.ts'

/** As many as the history that comes with the topic: one screen and a half. */
const PAGE = 30
/** The most that one call answers (contract of `notifications:list`). */
const PAGE_MAX = 100

export type Notifications = {
  list: NotificationList
  isClosed: boolean
  isLoadingOlder: boolean
  hasFailed: boolean
  loadOlder: () => void
}

/** What somebody was notified of, followed and read back. */
export function useNotifications(userId: string): Notifications {
  const { connection } = useApp()
  const [list, dispatch] = useReducer(notificationReducer, emptyList)
  const [isClosed, setIsClosed] = useState(false)
  const [isLoadingOlder, setIsLoadingOlder] = useState(false)
  const [hasFailed, setHasFailed] = useState(false)
  const isBusy = useRef(false)
  useTopic(`notifications:${userId}`, {
    onStart: (items) => dispatch({ type: 'started', items }),
    onItems: (items) => dispatch({ type: 'received', items }),
    onSkipped: ([from, to]) => {
      const limit = Math.min(PAGE_MAX, to - from + 1)
      connection.call('notifications:list', { beforeSeq: to + 1, limit }).then(
        ({ notifications: items }) => dispatch({ type: 'received', items }),
        // They stay left out here; the next load of the page has them.
        () => {},
      )
    },
    onClosed: () => setIsClosed(true),
  })
  const firstSeq = list.items[0]?.seq
  const loadOlder = useCallback(() => {
    if (isBusy.current || firstSeq === undefined) return
    isBusy.current = true
    setIsLoadingOlder(true)
    setHasFailed(false)
    const done = () => {
      isBusy.current = false
      setIsLoadingOlder(false)
    }
    connection.call('notifications:list', { beforeSeq: firstSeq, limit: PAGE }).then(
      ({ notifications: items, hasMore }) => {
        dispatch({ type: 'older', items, hasMore })
        done()
      },
      () => {
        setHasFailed(true)
        done()
      },
    )
  }, [connection, firstSeq])
  return { list, isClosed, isLoadingOlder, hasFailed, loadOlder }
}
