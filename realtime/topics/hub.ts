import type { Logger } from '../../src/core/log.ts'
import type { ItemsFrame, JoinedTopic, Position } from '../../src/core/topics.ts'
import { createDurableTopics, type DurableSource } from './durable.ts'
import type { ParsedTopic } from './names.ts'
import { createLatestTopics } from './own/latest-topics.ts'
import { createLiveTopics } from './own/live.ts'
import type { Pacing } from './pace/pacing.ts'
import { createSharedLatest } from './shared/latest.ts'
import { createSharedLive } from './shared/live.ts'
import { defineTopicScripts } from './shared/scripts.ts'
import type { Wire } from './shared/wire.ts'

/** A topic nobody is in is kept this long, so that whoever lost the connection finds its history. */
const IDLE_KEEP_MS = 5 * 60_000
const SWEEP_MS = 30_000
/** Where Redis has the history, a topic is left soon: what it brings is for nobody here. */
const SHARED_IDLE_KEEP_MS = 3000
const SHARED_SWEEP_MS = 1000

type Deps = {
  names: (name: string) => ParsedTopic | undefined
  /** Per pattern of the durable topics, where their items are read. */
  sources: Readonly<Record<string, DurableSource>>
  /** Sends a frame to all local members, once. */
  emit: (frame: ItemsFrame) => void
  pacing: Pacing
  /** The way to other gateways; without it this process is alone. */
  wire: Wire | undefined
  log: Logger
  nowMs: () => number
}

/**
 * All topics of this process: takes what features publish, answers joins, and forgets what nobody needs.
 * It knows nothing of sockets; who is in a topic, and whether they may be, is the business of `subscriptions.ts`.
 */
export function createTopicHub(deps: Deps) {
  const { wire, names } = deps
  const scripts = wire && defineTopicScripts(wire.link)
  const durable = createDurableTopics(deps)
  const live = wire && scripts ? createSharedLive({ ...deps, wire, scripts }) : createLiveTopics(deps)
  const ownLatest = createLatestTopics(deps)
  const latest = wire && scripts ? createSharedLatest({ ...deps, wire, scripts }) : ownLatest
  const latestOf = (parsed: ParsedTopic | undefined) => (parsed?.spec.scope === 'node' ? ownLatest : latest)

  const keepMs = wire ? SHARED_IDLE_KEEP_MS : IDLE_KEEP_MS
  const sweeper = setInterval(
    () => {
      for (const topics of [durable, live, latest, ownLatest]) topics.sweep(keepMs)
    },
    wire ? SHARED_SWEEP_MS : SWEEP_MS,
  )

  return {
    publisher: {
      committed: durable.committed,
      append: live.append,
      set: (name: string, value: unknown, asOfMs?: number): void =>
        latestOf(names(name)).set(name, value, asOfMs),
    },

    /** Names of the latest topics that are kept here, beginning with `prefix`. */
    latestNames: (prefix: string): string[] => [...latest.names()].filter((name) => name.startsWith(prefix)),

    /** Counts a member in and says where the topic stands; `left` counts it out. The caller has subscribed the socket. */
    join(parsed: ParsedTopic, since: Position | undefined): Promise<JoinedTopic> {
      if (parsed.spec.class === 'durable') return durable.join(parsed, since)
      return parsed.spec.class === 'latest' ? latestOf(parsed).join(parsed) : live.join(parsed, since)
    },

    left(parsed: ParsedTopic): void {
      if (parsed.spec.class === 'durable') durable.left(parsed.name)
      else if (parsed.spec.class === 'latest') latestOf(parsed).left(parsed)
      else live.left(parsed.name)
    },

    /** For metrics and leak checks. */
    size: () => ({ live: live.size(), latest: latest.size(), durable: durable.size() }),

    stop(): void {
      clearInterval(sweeper)
      for (const topics of [durable, live, latest, ownLatest]) topics.stop()
      wire?.stop()
    },
  }
}

export type TopicHub = ReturnType<typeof createTopicHub>
