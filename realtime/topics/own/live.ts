import { newId } from '../../../src/core/ids.ts'
import type { ItemsFrame, JoinedTopic, Position } from '../../../src/core/topics.ts'
import type { ParsedTopic } from '../names.ts'
import type { Pacing } from '../pace/pacing.ts'
import { Topic } from '../topic.ts'

/** The live topics of a process, alone or shared with others. */
export type LiveTopics = {
  append(name: string, items: readonly unknown[]): void
  join(parsed: ParsedTopic, since: Position | undefined): Promise<JoinedTopic>
  left(name: string): void
  /** Forgets topics that nobody was in for so long. */
  sweep(keepMs: number): void
  size(): number
  stop(): void
}

/** Items kept for replay: minutes of a busy stream's events, and bounded. */
const HISTORY_ITEMS = 500

/** Live topics of one process alone. */
export function createLiveTopics(deps: {
  emit: (frame: ItemsFrame) => void
  pacing: Pacing
  nowMs: () => number
}): LiveTopics {
  const instance = newId().slice(-12)
  const topics = new Map<string, Topic>()
  let lives = 0

  function topicOf(name: string): Topic {
    const found = topics.get(name)
    if (found) {
      found.touchedAtMs = deps.nowMs()
      return found
    }
    // A topic that was forgotten and comes again counts from 0: its epoch must differ, or old positions would seem valid.
    const epoch = `${instance}.${++lives}`
    const topic = new Topic({
      ...{ name, epoch, head: 0, capacity: HISTORY_ITEMS },
      ...{ nowMs: deps.nowMs(), emit: deps.emit, pacing: deps.pacing },
    })
    topics.set(name, topic)
    return topic
  }

  return {
    append: (name, items) => topicOf(name).append(items),
    async join({ name }, since) {
      const topic = topicOf(name)
      topic.members++
      return joinLive(topic, since)
    },
    left(name) {
      const topic = topics.get(name)
      if (!topic) return
      topic.members--
      topic.touchedAtMs = deps.nowMs()
    },
    sweep(keepMs) {
      for (const [name, topic] of topics) {
        if (topic.members > 0 || deps.nowMs() - topic.touchedAtMs < keepMs) continue
        topic.stop()
        topics.delete(name)
      }
    },
    size: () => topics.size,
    stop() {
      for (const topic of topics.values()) topic.stop()
    },
  }
}

/** What was missed since the position, or that it can't be had. */
export function joinLive(topic: Topic, since: Position | undefined): JoinedTopic {
  const position = topic.position
  const start = { topic: topic.name, class: 'live' as const, position, recovered: false, items: [] }
  if (!since) return { ...start, recovered: true }
  if (since.epoch !== topic.epoch || since.offset > position.offset) return start
  const missed = topic.after(since.offset)
  return missed ? { ...start, recovered: true, items: missed } : start
}
