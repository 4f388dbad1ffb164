import { useEffect, useState } from 'react'
import { useApp } from '../data/app.tsx'
import { shell } from '../text/shell.ts'
import { cx } from '../ui/cx.ts'

/** Shorter breaks are over before anyone misses something (design/web.md: "after 2 s offline"). */
const WORTH_SAYING_MS = 2000
/** Time to read two words. */
const BACK_SHOWN_MS = 3000

type Notice = 'none' | 'offline' | 'back'

/** A thin line when the live connection is gone for a while, and when it is back. */
export function ConnectionBar() {
  const notice = useConnectionNotice()
  return (
    <div role="status" className="pointer-events-none fixed inset-x-0 top-14 z-40 flex justify-center">
      {notice !== 'none' && (
        <p
          className={cx(
            'animate-rise rounded-b-md px-4 py-1 text-sm font-medium shadow-lg shadow-black/10',
            notice === 'offline' ? 'bg-text-1 text-surface-0' : 'bg-accent text-on-accent',
          )}
        >
          {shell(notice === 'offline' ? 'offline' : 'backOnline')}
        </p>
      )}
    </div>
  )
}

function useConnectionNotice(): Notice {
  const { connection } = useApp()
  const [notice, setNotice] = useState<Notice>('none')
  useEffect(() => {
    let timer: number | undefined
    let isTold = false
    const judge = () => {
      window.clearTimeout(timer)
      if (connection.state === 'closed') return
      if (connection.state !== 'online') {
        timer = window.setTimeout(() => {
          isTold = true
          setNotice('offline')
        }, WORTH_SAYING_MS)
      } else if (isTold) {
        isTold = false
        setNotice('back')
        timer = window.setTimeout(() => setNotice('none'), BACK_SHOWN_MS)
      }
    }
    judge()
    const unsubscribe = connection.onState(judge)
    return () => {
      unsubscribe()
      window.clearTimeout(timer)
    }
  }, [connection])
  return notice
}
