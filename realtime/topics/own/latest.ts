import type { ItemsFrame, Position } from '../../../src/core/topics.ts'

/** A `latest` topic: one value with a version. Changes within a tick are one push; the value is repeated for latecomers. */
export type LatestTopic = {
  readonly position: Position
  /** The value as the one item of a join's answer; empty before the first `set`. */
  items(): unknown[]
  set(value: unknown): void
  /** Sends the value again; for whoever lost the last push. */
  repeat(): void
  stop(): void
}

/** Counters that change many times a second are shown often enough like this. */
const TICK_MS = 250

export function createLatestTopic(options: {
  name: string
  epoch: string
  emit: (frame: ItemsFrame) => void
}): LatestTopic {
  const { name, epoch, emit } = options
  let value: unknown
  let json: string | undefined
  let version = 0
  let timer: NodeJS.Timeout | undefined
  let sentAtMs = Number.NEGATIVE_INFINITY

  function send(): void {
    clearTimeout(timer)
    timer = undefined
    sentAtMs = performance.now()
    emit({ topic: name, epoch, offset: version, items: [value] })
  }

  return {
    get position() {
      return { epoch, offset: version }
    },
    items: () => (version === 0 ? [] : [value]),
    set(next) {
      const nextJson = JSON.stringify(next)
      if (nextJson === json) return
      value = next
      json = nextJson
      version++
      timer ??= setTimeout(send, Math.max(0, sentAtMs + TICK_MS - performance.now()))
    },
    repeat: () => {
      if (version > 0) send()
    },
    stop: () => clearTimeout(timer),
  }
}
