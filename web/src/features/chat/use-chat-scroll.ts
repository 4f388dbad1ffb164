import { type RefObject, useCallback, useEffect, useLayoutEffect, useRef, useState } from 'react'
import type { ChatMessage } from './chat-lines.ts'

/** This close to the end counts as being there: one line of text. */
const END_SLACK_PX = 32
/** Older lines are asked for before the reader reaches the very top. */
const TOP_SLACK_PX = 120

type Options = {
  lines: readonly ChatMessage[]
  pendingCount: number
  onReading: (seenSeq: number | undefined) => void
  onTop: () => void
}

/**
 * Keeps a list at its end while the reader is there, and exactly where they are otherwise, also when older lines come
 * in above. `unseen` counts what arrived since they left the end.
 */
export function useChatScroll(list: RefObject<HTMLElement | null>, options: Options) {
  const { lines, pendingCount, onReading, onTop } = options
  const [isAtEnd, setIsAtEnd] = useState(true)
  const [leftAtSeq, setLeftAtSeq] = useState(0)
  const isFollowing = useRef(true)
  const before = useRef({ firstSeq: 0, height: 0 })
  const firstSeq = lines[0]?.seq ?? 0
  const lastSeq = lines.at(-1)?.seq ?? 0

  // biome-ignore lint/correctness/useExhaustiveDependencies: any change of the lines may have changed the height.
  useLayoutEffect(() => {
    const box = list.current
    if (!box) return
    if (isFollowing.current) box.scrollTop = box.scrollHeight
    else if (firstSeq < before.current.firstSeq) box.scrollTop += box.scrollHeight - before.current.height
    before.current = { firstSeq, height: box.scrollHeight }
  }, [list, lines, pendingCount])

  // A keyboard that opens, or a window that changes, leaves the reader where they are: at the end, if they were there.
  useEffect(() => {
    const box = list.current
    if (!box) return
    const observer = new ResizeObserver(() => {
      if (isFollowing.current) box.scrollTop = box.scrollHeight
    })
    observer.observe(box)
    return () => observer.disconnect()
  }, [list])

  const onScroll = useCallback(() => {
    const box = list.current
    if (!box) return
    const isNearEnd = box.scrollHeight - box.scrollTop - box.clientHeight <= END_SLACK_PX
    if (box.scrollTop < TOP_SLACK_PX) onTop()
    if (isNearEnd === isFollowing.current) return
    isFollowing.current = isNearEnd
    setIsAtEnd(isNearEnd)
    setLeftAtSeq(lastSeq)
    onReading(isNearEnd ? undefined : lastSeq)
  }, [list, lastSeq, onReading, onTop])

  const toEnd = useCallback(() => {
    const box = list.current
    if (!box) return
    isFollowing.current = true
    setIsAtEnd(true)
    onReading(undefined)
    box.scrollTop = box.scrollHeight
  }, [list, onReading])

  return { isAtEnd, unseen: isAtEnd ? 0 : Math.max(0, lastSeq - leftAtSeq), onScroll, toEnd }
}
