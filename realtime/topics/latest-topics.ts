import { newId } from '../../src/core/ids.ts'
import type { ItemsFrame, JoinedTopic } from '../../src/core/topics.ts'
import { createLatestTopic, type LatestTopic } from './latest.ts'
import type { ParsedTopic } from './names.ts'

/** The latest topics of a process, alone or shared with others. */
export type LatestTopics = {
  set(name: string, value: unknown): void
  join(parsed: ParsedTopic): Promise<JoinedTopic>
  left(parsed: ParsedTopic): void
  /** Forgets topics that nobody was in for so long. */
  sweep(keepMs: number): void
  size(): number
  stop(): void
}

/** For whoever lost a push. */
export const LATEST_REPEAT_MS = 10_000

/** Latest topics of one process alone. */
export function createLatestTopics({ emit }: { emit: (frame: ItemsFrame) => void }): LatestTopics {
  const instance = newId().slice(-12)
  const topics = new Map<string, { topic: LatestTopic; members: number }>()
  let lives = 0

  function entryOf(name: string) {
    const found = topics.get(name)
    if (found) return found
    const entry = { topic: createLatestTopic({ name, epoch: `${instance}.${++lives}`, emit }), members: 0 }
    topics.set(name, entry)
    return entry
  }
  const repeater = setInterval(() => {
    for (const { topic, members } of topics.values()) if (members > 0) topic.repeat()
  }, LATEST_REPEAT_MS)

  return {
    set: (name, value) => entryOf(name).topic.set(value),
    async join({ name }) {
      const entry = entryOf(name)
      entry.members++
      const { position } = entry.topic
      return { topic: name, class: 'latest', position, recovered: true, items: entry.topic.items() }
    },
    left({ name, param }) {
      const entry = topics.get(name)
      if (!entry) return
      entry.members--
      // A counter without an audience is set again by the next member's arrival.
      if (entry.members > 0 || param === undefined) return
      entry.topic.stop()
      topics.delete(name)
    },
    sweep: () => {},
    size: () => topics.size,
    stop() {
      clearInterval(repeater)
      for (const { topic } of topics.values()) topic.stop()
    },
  }
}
