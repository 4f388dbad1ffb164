import { type RefObject, useCallback, useEffect, useRef, useState } from 'react'

/** As long as the common players keep their controls after the last movement. */
const IDLE_AFTER_MS = 3000

/** True when nobody pointed into the element or focused something in it for a while. */
export function useIdle(within: RefObject<HTMLElement | null>): boolean {
  const [isIdle, setIsIdle] = useState(false)
  const timer = useRef<number>(undefined)
  const wake = useCallback(() => {
    setIsIdle(false)
    window.clearTimeout(timer.current)
    timer.current = window.setTimeout(() => setIsIdle(true), IDLE_AFTER_MS)
  }, [])
  useEffect(() => {
    const element = within.current
    wake()
    const events = ['pointermove', 'pointerdown', 'focusin'] as const
    for (const event of events) element?.addEventListener(event, wake)
    return () => {
      for (const event of events) element?.removeEventListener(event, wake)
      window.clearTimeout(timer.current)
    }
  }, [wake, within])
  return isIdle
}
