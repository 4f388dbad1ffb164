import { type RefCallback, useCallback, useState } from 'react'

/** Whether an element is on screen, or within `marginPx` of it. */
export function useInView(marginPx = 0): [ref: RefCallback<Element>, isInView: boolean] {
  const [isInView, setIsInView] = useState(false)
  const ref = useCallback(
    (element: Element | null) => {
      if (!element) return
      const observer = new IntersectionObserver(
        (entries) => setIsInView(entries.at(-1)?.isIntersecting ?? false),
        { rootMargin: `${marginPx}px 0px` },
      )
      observer.observe(element)
      return () => {
        observer.disconnect()
        setIsInView(false)
      }
    },
    [marginPx],
  )
  return [ref, isInView]
}
