import { newId } from '../../src/core/ids.ts'
import type { Logger } from '../../src/core/log.ts'
import type { ItemsFrame, JoinedTopic, Position } from '../../src/core/topics.ts'
import { createDurableTopics, type DurableSource } from './durable.ts'
import { createLatestTopic, type LatestTopic } from './latest.ts'
import type { ParsedTopic } from './names.ts'
import { Topic } from './topic.ts'

/** Items kept for replay of a `live` topic: minutes of a busy stream's events, and bounded. */
const LIVE_HISTORY_ITEMS = 500
/** A topic nobody is in is kept this long, so that whoever lost the connection finds its history. */
const IDLE_KEEP_MS = 5 * 60_000
const LATEST_REPEAT_MS = 10_000
const SWEEP_MS = 30_000

type Deps = {
  names: (name: string) => ParsedTopic | undefined
  /** Per pattern of the durable topics, where their items are read. */
  sources: Readonly<Record<string, DurableSource>>
  /** Sends a frame to all local members, once. */
  emit: (frame: ItemsFrame) => void
  log: Logger
  nowMs: () => number
}

/**
 * All topics of this process: takes what features publish, answers joins, and forgets what nobody needs.
 * It knows nothing of sockets; who is in a topic, and whether they may be, is the business of `subscriptions.ts`.
 */
export function createTopicHub(deps: Deps) {
  const instance = newId().slice(-12)
  const live = new Map<string, Topic>()
  const latest = new Map<string, { topic: LatestTopic; members: number; touchedAtMs: number }>()
  const durable = createDurableTopics(deps)
  let lives = 0

  function liveTopic(name: string): Topic {
    const found = live.get(name)
    if (found) return found
    // A topic that was forgotten and comes again counts from 0: its epoch must differ, or old positions would seem valid.
    const epoch = `${instance}.${++lives}`
    const options = {
      name,
      epoch,
      head: 0,
      capacity: LIVE_HISTORY_ITEMS,
      nowMs: deps.nowMs(),
      emit: deps.emit,
    }
    const topic = new Topic(options)
    live.set(name, topic)
    return topic
  }

  function latestTopic(name: string) {
    const touchedAtMs = deps.nowMs()
    const found = latest.get(name)
    if (found) return Object.assign(found, { touchedAtMs })
    const topic = createLatestTopic({ name, epoch: `${instance}.${++lives}`, emit: deps.emit })
    const entry = { topic, members: 0, touchedAtMs }
    latest.set(name, entry)
    return entry
  }

  function sweep(): void {
    for (const [name, topic] of live) {
      if (topic.members > 0 || deps.nowMs() - topic.touchedAtMs < IDLE_KEEP_MS) continue
      topic.stop()
      live.delete(name)
    }
    for (const [name, { topic, members, touchedAtMs }] of latest) {
      // One without a parameter is set once and kept; a counter is set again by the next member's arrival.
      const isKept = deps.names(name)?.param === undefined
      if (isKept || members > 0 || deps.nowMs() - touchedAtMs < IDLE_KEEP_MS) continue
      topic.stop()
      latest.delete(name)
    }
    durable.sweep(IDLE_KEEP_MS)
  }
  const sweeper = setInterval(sweep, SWEEP_MS)
  const repeater = setInterval(() => {
    for (const { topic, members } of latest.values()) if (members > 0) topic.repeat()
  }, LATEST_REPEAT_MS)

  return {
    publisher: {
      committed: durable.committed,
      append(name: string, items: readonly unknown[]): void {
        const topic = liveTopic(name)
        topic.touchedAtMs = deps.nowMs()
        topic.append(items)
      },
      set(name: string, value: unknown): void {
        // A counter that nobody looks at is read when somebody comes; keeping it would keep one for everything there is.
        const isWanted = latest.has(name) || deps.names(name)?.param === undefined
        if (isWanted) latestTopic(name).topic.set(value)
      },
      kept: (prefix: string): string[] =>
        [...live.keys(), ...latest.keys(), ...durable.names()].filter((name) => name.startsWith(prefix)),
    },

    /** Counts a member in and says where the topic stands; `left` counts it out. The caller has subscribed the socket. */
    async join(parsed: ParsedTopic, since: Position | undefined): Promise<JoinedTopic> {
      if (parsed.spec.class === 'durable') return durable.join(parsed, since)
      if (parsed.spec.class === 'latest') {
        const entry = latestTopic(parsed.name)
        entry.members++
        const { position } = entry.topic
        return { topic: parsed.name, class: 'latest', position, recovered: true, items: entry.topic.items() }
      }
      const topic = liveTopic(parsed.name)
      topic.members++
      topic.touchedAtMs = deps.nowMs()
      return joinLive(topic, since)
    },

    left(parsed: ParsedTopic): void {
      if (parsed.spec.class === 'durable') {
        durable.left(parsed.name)
        return
      }
      const topic = live.get(parsed.name) ?? latest.get(parsed.name)
      if (!topic) return
      topic.members--
      topic.touchedAtMs = deps.nowMs()
    },

    /** For metrics and leak checks. */
    size: () => ({ live: live.size, latest: latest.size, durable: durable.size() }),

    stop(): void {
      clearInterval(sweeper)
      clearInterval(repeater)
      for (const topic of live.values()) topic.stop()
      for (const { topic } of latest.values()) topic.stop()
      durable.stop()
    },
  }
}

export type TopicHub = ReturnType<typeof createTopicHub>

function joinLive(topic: Topic, since: Position | undefined): JoinedTopic {
  const position = topic.position
  const start = { topic: topic.name, class: 'live' as const, position, recovered: false, items: [] }
  if (!since) return { ...start, recovered: true }
  if (since.epoch !== topic.epoch || since.offset > position.offset) return start
  const missed = topic.after(since.offset)
  return missed ? { ...start, recovered: true, items: missed } : start
}
