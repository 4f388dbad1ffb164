import { useEffect, useState } from 'react'
import { serverNow } from './phases.ts'

/** The time of the server, told anew every `everyMs`. */
export function useServerNow(aheadMs: number, everyMs: number): number {
  const [nowMs, setNowMs] = useState(() => serverNow(aheadMs))
  useEffect(() => {
    const show = () => setNowMs(serverNow(aheadMs))
    show()
    const timer = setInterval(show, everyMs)
    return () => clearInterval(timer)
  }, [aheadMs, everyMs])
  return nowMs
}
