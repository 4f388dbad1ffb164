import type { CallInput, CallOutput } from '../src/contract/index.ts'
import type { ItemsFrame, JoinedTopic } from '../src/core/topics.ts'
import { createTopicFeed, type TopicFeed } from './topic-feed.ts'
import type { TopicListener } from './types.ts'

type JoinRequest = CallInput<'topic:join'>['topics'][number]
type JoinAnswer = CallOutput<'topic:join'>['topics'][number]

type Deps = {
  join: (topics: JoinRequest[]) => Promise<JoinAnswer[]>
  leave: (topics: string[]) => void
  isOnline: () => boolean
}

/** What one join call may carry (contract of `topic:join`). */
const TOPICS_PER_JOIN = 100
/** A hole usually closes by itself within a round trip; asking at once would double every push of a busy room. */
const HOLE_WAIT_MS = 400
const RETRY_MS = 2000

/** All topics of a connection: joins them together, again after every reconnect, and fills holes. */
export function createSubscriber({ join, leave, isOnline }: Deps) {
  const feeds = new Map<string, TopicFeed>()
  const wanted = new Set<string>()
  const joined = new Set<string>()
  const timers = new Map<string, ReturnType<typeof setTimeout>>()
  let isScheduled = false

  /** Joins what is wanted, once for everything that was asked for in this turn. */
  function request(name: string): void {
    wanted.add(name)
    if (isScheduled || !isOnline()) return
    isScheduled = true
    queueMicrotask(() => {
      isScheduled = false
      const names = [...wanted].filter((each) => feeds.has(each))
      wanted.clear()
      for (let from = 0; from < names.length; from += TOPICS_PER_JOIN) {
        void joinAll(names.slice(from, from + TOPICS_PER_JOIN))
      }
    })
  }

  async function joinAll(names: string[]): Promise<void> {
    const requests = names.map((name) => requestOf(feeds.get(name), name))
    try {
      const answers = await join(requests)
      answers.forEach((answer, i) => {
        const request = requests[i]
        if (request) settle(request, answer)
      })
    } catch {
      // Lost on the way: the reconnect joins again; a refusal of the whole call is tried again later.
      if (isOnline()) for (const name of names) later(name, RETRY_MS)
    }
  }

  function settle({ topic, since }: JoinRequest, answer: JoinAnswer): void {
    const feed = feeds.get(topic)
    if (!feed) {
      // Nobody wants it any more.
      leave([topic])
      return
    }
    if ('error' in answer) {
      if (answer.error.retry) later(topic, RETRY_MS)
      else closed(topic, answer.error.code)
      return
    }
    joined.add(topic)
    feed.joined(answer as JoinedTopic, since === undefined)
    if (feed.needsStart()) request(topic)
    else if (feed.hasHole()) later(topic, HOLE_WAIT_MS)
  }

  function later(name: string, delayMs: number): void {
    if (timers.has(name)) return
    const again = () => {
      timers.delete(name)
      const feed = feeds.get(name)
      if (feed && isOnline() && (!joined.has(name) || feed.hasHole() || feed.needsStart())) request(name)
    }
    timers.set(name, setTimeout(again, delayMs * (0.5 + Math.random())))
  }

  function closed(name: string, code: string): void {
    const feed = feeds.get(name)
    feeds.delete(name)
    joined.delete(name)
    feed?.closed(code)
  }

  return {
    add(name: string, to: TopicListener<unknown>): () => void {
      const feed = feeds.get(name) ?? createTopicFeed(name)
      feeds.set(name, feed)
      const listener = feed.add(to)
      request(name)
      return () => {
        feed.remove(listener)
        if (feed.size > 0 || feeds.get(name) !== feed) return
        feeds.delete(name)
        if (joined.delete(name) && isOnline()) leave([name])
      }
    },
    frame(frame: ItemsFrame): void {
      const feed = feeds.get(frame.topic)
      // A frame of another epoch waits like one behind a hole: the join that follows tells where the topic stands.
      if (feed?.frame(frame) && joined.has(frame.topic)) later(frame.topic, HOLE_WAIT_MS)
    },
    closed,
    /** The connection is back: everything is joined again from where it was. */
    resume(): void {
      joined.clear()
      for (const name of feeds.keys()) request(name)
    },
    pause(): void {
      for (const timer of timers.values()) clearTimeout(timer)
      timers.clear()
    },
  }
}

/** From the position, unless somebody waits for a beginning: that needs a join without one. */
function requestOf(feed: TopicFeed | undefined, topic: string): JoinRequest {
  const since = feed?.needsStart() ? undefined : feed?.position
  return since ? { topic, since } : { topic }
}
