/** First look: above the 3 s after which the server itself tells that a sender is silent. */
const FIRST_MS = 5000
/** A stream that stays still is asked about ever more rarely, once a minute in the end. */
const LONGEST_MS = 60_000

type Options = {
  /** False while nothing should arrive anyway. */
  isExpected(): boolean
  bytesReceived(): Promise<number>
  onStall(): void
}

/** Notices that packets stopped although the path is there: what was received may have ended unheard. */
export function createStallGuard({ isExpected, bytesReceived, onStall }: Options): { stop(): void } {
  let timer: ReturnType<typeof setTimeout> | undefined
  let lastBytes: number | undefined
  let waitMs = FIRST_MS
  let isStopped = false

  const look = async (): Promise<void> => {
    // Statistics of a transport that closes while they are read: the next look sees the new one.
    const bytes = isExpected() ? await bytesReceived().catch(() => undefined) : undefined
    if (isStopped) return
    const isStill = bytes !== undefined && bytes === lastBytes
    lastBytes = bytes
    waitMs = isStill ? Math.min(waitMs * 2, LONGEST_MS) : FIRST_MS
    if (isStill) onStall()
    schedule()
  }
  const schedule = () => {
    timer = setTimeout(() => void look(), waitMs)
  }
  schedule()

  return {
    stop() {
      isStopped = true
      clearTimeout(timer)
    },
  }
}
