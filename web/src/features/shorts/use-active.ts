import { type RefObject, useCallback, useEffect, useState } from 'react'
import { isTyping } from '../../shell/shortcuts.tsx'

/** Half in view and more is what one looks at. */
const SEEN_SHARE = 0.6

/** Which part of a scrolled column is looked at, and how to go to another one: by wheel, swipe, keys and buttons. */
export function useActive(column: RefObject<HTMLElement | null>, count: number) {
  const [active, setActive] = useState(0)

  useEffect(() => {
    const element = column.current
    if (!element || count === 0) return
    const parts = [...element.children]
    const observer = new IntersectionObserver(
      (entries) => {
        const seen = entries.find(({ isIntersecting }) => isIntersecting)
        if (seen) setActive(parts.indexOf(seen.target))
      },
      { root: element, threshold: SEEN_SHARE },
    )
    for (const part of parts) observer.observe(part)
    return () => observer.disconnect()
  }, [column, count])

  const go = useCallback(
    (by: 1 | -1) => {
      const behavior = matchMedia('(prefers-reduced-motion: reduce)').matches ? 'instant' : 'smooth'
      column.current?.children[active + by]?.scrollIntoView({ behavior, block: 'start' })
    },
    [column, active],
  )

  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return
      if (event.target instanceof HTMLElement && event.target.closest('[role=menu],[role=dialog]')) return
      const by = BY_KEY[event.key]
      if (by === undefined) return
      event.preventDefault()
      go(by)
    }
    addEventListener('keydown', onKey)
    return () => removeEventListener('keydown', onKey)
  }, [go])

  return { active, go }
}

const BY_KEY: Record<string, 1 | -1> = { ArrowDown: 1, PageDown: 1, j: 1, ArrowUp: -1, PageUp: -1, k: -1 }
