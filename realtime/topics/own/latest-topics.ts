import { newId } from '../../../src/core/ids.ts'
import type { ItemsFrame, JoinedTopic } from '../../../src/core/topics.ts'
import type { ParsedTopic } from '../names.ts'
import { createLatestTopic, type LatestTopic } from './latest.ts'

/** The latest topics of a process, alone or shared with others. */
export type LatestTopics = {
  /** `asOfMs`: when the value was true, by a clock that all who set it share. */
  set(name: string, value: unknown, asOfMs?: number): void
  join(parsed: ParsedTopic): Promise<JoinedTopic>
  left(parsed: ParsedTopic): void
  /** Forgets topics that nobody was in for so long. */
  sweep(keepMs: number): void
  names(): Iterable<string>
  size(): number
  stop(): void
}

type Deps = {
  names: (name: string) => ParsedTopic | undefined
  emit: (frame: ItemsFrame) => void
  nowMs: () => number
}

/** For whoever lost a push. */
export const LATEST_REPEAT_MS = 10_000

/** Latest topics of one process alone. */
export function createLatestTopics({ names, emit, nowMs }: Deps): LatestTopics {
  const instance = newId().slice(-12)
  const topics = new Map<string, { topic: LatestTopic; members: number; touchedAtMs: number }>()
  let lives = 0

  function entryOf(name: string) {
    const touchedAtMs = nowMs()
    const found = topics.get(name)
    if (found) return Object.assign(found, { touchedAtMs })
    const topic = createLatestTopic({ name, epoch: `${instance}.${++lives}`, emit })
    const entry = { topic, members: 0, touchedAtMs }
    topics.set(name, entry)
    return entry
  }
  const repeater = setInterval(() => {
    for (const { topic, members } of topics.values()) if (members > 0) topic.repeat()
  }, LATEST_REPEAT_MS)

  return {
    set(name, value) {
      // A counter that nobody looks at is read when somebody comes; keeping it would keep one for everything there is.
      const isWanted = topics.has(name) || names(name)?.param === undefined
      if (isWanted) entryOf(name).topic.set(value)
    },
    async join({ name }) {
      const entry = entryOf(name)
      entry.members++
      const { position } = entry.topic
      return { topic: name, class: 'latest', position, recovered: true, items: entry.topic.items() }
    },
    left({ name }) {
      const entry = topics.get(name)
      if (!entry) return
      entry.members--
      entry.touchedAtMs = nowMs()
    },
    sweep(keepMs) {
      for (const [name, { topic, members, touchedAtMs }] of topics) {
        // One without a parameter is set once and kept; a counter is set again by the next member's arrival.
        const isKept = names(name)?.param === undefined
        if (isKept || members > 0 || nowMs() - touchedAtMs < keepMs) continue
        topic.stop()
        topics.delete(name)
      }
    },
    names: () => topics.keys(),
    size: () => topics.size,
    stop() {
      clearInterval(repeater)
      for (const { topic } of topics.values()) topic.stop()
    },
  }
}
