/** The newest items of a topic with contiguous offsets; the oldest give way. */
export type Ring<T> = {
  /** Offset of the newest item ever added; items kept are (head - length, head]. */
  readonly head: number
  readonly length: number
  push(item: T): void
  /** Items after `offset`, oldest first, or undefined where some of them are no longer kept. */
  after(offset: number): T[] | undefined
}

/** `head` is the offset before the first item that will be pushed. */
export function createRing<T>(capacity: number, startAt: number): Ring<T> {
  let items: T[] = []
  let head = startAt
  return {
    get head() {
      return head
    },
    get length() {
      return items.length
    },
    push(item) {
      items.push(item)
      head++
      // Cut in one go at twice the capacity, so that a push costs O(1) on average.
      if (items.length >= capacity * 2) items = items.slice(-capacity)
    },
    after(offset) {
      const missing = head - offset
      if (missing <= 0) return []
      return missing <= items.length ? items.slice(-missing) : undefined
    },
  }
}
