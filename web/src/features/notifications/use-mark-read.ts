import { useEffect, useRef } from 'react'
import { useApp } from '../../data/app.tsx'
import { useNotificationState } from '../../data/use-unread.ts'

/**
 * Tells the server what was seen, as soon as it is on a screen that somebody looks at; all devices hear of it by push.
 * `seenSeq` is the newest that is shown, undefined for none.
 */
export function useMarkRead(seenSeq: number | undefined): void {
  const { connection } = useApp()
  const readUpTo = useNotificationState()?.readUpTo
  const toldSeq = useRef(0)
  useEffect(() => {
    if (seenSeq === undefined || readUpTo === undefined || seenSeq <= readUpTo) return
    const tell = () => {
      if (document.visibilityState !== 'visible' || connection.state !== 'online') return
      if (toldSeq.current >= seenSeq) return
      toldSeq.current = seenSeq
      connection.call('notifications:read', { upTo: seenSeq }).catch(() => {
        // The next look, or the next connection, tells it.
        toldSeq.current = 0
      })
    }
    tell()
    document.addEventListener('visibilitychange', tell)
    const unsubscribe = connection.onState(tell)
    return () => {
      document.removeEventListener('visibilitychange', tell)
      unsubscribe()
    }
  }, [connection, seenSeq, readUpTo])
}

/** Up to where everything had been read when the list was opened: what came after it is marked as new. */
export function useReadBefore(): number {
  const readUpTo = useNotificationState()?.readUpTo
  const before = useRef<number>(undefined)
  before.current ??= readUpTo
  return before.current ?? Number.POSITIVE_INFINITY
}
