import type { ItemsFrame, JoinedTopic, Position, TopicClass } from '../src/core/topics.ts'
import type { TopicListener } from './types.ts'

type Listener = { to: TopicListener<unknown>; offset: number | undefined }

/** Joins pushes and join answers of one topic into what each listener should see: every item once, in order. */
export type TopicFeed = {
  readonly name: string
  /** Where the feed is; undefined before the first join. */
  readonly position: Position | undefined
  readonly size: number
  add(to: TopicListener<unknown>): Listener
  remove(listener: Listener): void
  /** Whether somebody still waits for the beginning that a join without `since` brings. */
  needsStart(): boolean
  /** An answer to a join: `wasFresh` where it was asked without `since`. */
  joined(answer: JoinedTopic, wasFresh: boolean): void
  /** A push. Answers whether a hole is open: the caller joins again with the position if it stays open. */
  frame(frame: ItemsFrame): boolean
  hasHole(): boolean
  closed(code: string): void
}

/** More frames than this wait behind a hole only if the server is gone; the join that follows brings them anyway. */
const EARLY_FRAMES_MAX = 200

export function createTopicFeed(name: string): TopicFeed {
  const listeners = new Set<Listener>()
  let topicClass: TopicClass = 'live'
  let position: Position | undefined
  let early: ItemsFrame[] = []
  let isBehind = false

  /** `items` end at `offset`; each listener gets those it has not seen. */
  function deliver(items: unknown[], at: Position): void {
    for (const listener of listeners) {
      if (listener.offset === undefined) continue
      const unseen = Math.min(items.length, at.offset - listener.offset)
      listener.offset = Math.max(listener.offset, at.offset)
      if (unseen > 0) listener.to.onItems(items.slice(-unseen), at)
    }
  }

  /** Each listener is told of what it has not seen by another way; items that follow reach it in any case. */
  function skip([from, to]: [number, number]): void {
    for (const listener of listeners) {
      if (listener.offset === undefined || listener.offset >= to) continue
      listener.to.onSkipped?.([Math.max(from, listener.offset + 1), to])
      listener.offset = to
    }
  }

  function start(
    { position: at, items }: JoinedTopic,
    isGap: boolean,
    only?: (listener: Listener) => boolean,
  ): void {
    for (const listener of listeners) {
      if (only && !only(listener)) continue
      listener.offset = at.offset
      listener.to.onStart?.(items, at, isGap)
    }
  }

  function take(frame: ItemsFrame): boolean {
    if (!position || frame.epoch !== position.epoch) return false
    const first = frame.skipped ? frame.skipped[0] : frame.offset - frame.items.length + 1
    if (frame.offset <= position.offset) return true
    if (first > position.offset + 1) return false
    position = { epoch: frame.epoch, offset: frame.offset }
    if (frame.skipped) skip(frame.skipped)
    deliver(frame.items, position)
    return true
  }

  function takeEarly(): void {
    // What is of another epoch than the join's answer is of a life that is over.
    const waiting = early.filter(({ epoch }) => epoch === position?.epoch).sort((a, b) => a.offset - b.offset)
    early = []
    for (const frame of waiting) if (!take(frame)) keep(frame)
  }

  function keep(frame: ItemsFrame): void {
    if (early.length < EARLY_FRAMES_MAX) early.push(frame)
  }

  const isPast = (at: Position) => position?.epoch === at.epoch && position.offset >= at.offset

  /** A value that was pushed before the join was answered waited in `early`, as the class was not known yet. */
  function startLatest({ items, position: at }: JoinedTopic): void {
    const waiting = early.filter(({ epoch, offset }) => epoch === at.epoch && offset > at.offset)
    early = []
    setLatest(items, at)
    for (const frame of waiting) setLatest(frame.items, { epoch: frame.epoch, offset: frame.offset })
  }

  function setLatest(items: unknown[], at: Position): void {
    const isNewer = position?.epoch !== at.epoch || at.offset > position.offset
    position = at
    for (const listener of listeners) {
      if (items.length > 0 && (isNewer || listener.offset === undefined)) listener.to.onItems(items, at)
      listener.offset = at.offset
    }
  }

  return {
    name,
    get position() {
      return position
    },
    get size() {
      return listeners.size
    },
    add(to) {
      const listener: Listener = { to, offset: undefined }
      listeners.add(listener)
      return listener
    },
    remove: (listener) => void listeners.delete(listener),
    needsStart: () => topicClass !== 'latest' && [...listeners].some(({ offset }) => offset === undefined),
    joined(answer, wasFresh) {
      topicClass = answer.class
      isBehind = false
      if (topicClass === 'latest') return startLatest(answer)
      if (!answer.recovered) {
        position = answer.position
        start(answer, true)
      } else if (wasFresh) {
        start(answer, false, ({ offset }) => offset === undefined)
        // The feed goes back to the earlier of the two places, and a join from there brings what either side misses.
        const mine = position ?? answer.position
        const isSameLife = mine.epoch === answer.position.epoch
        isBehind = !isSameLife || mine.offset !== answer.position.offset
        position = isSameLife && mine.offset > answer.position.offset ? answer.position : mine
      } else {
        // Frames that overtook the answer may have brought more than it did.
        if (!isPast(answer.position)) position = answer.position
        deliver(answer.items, answer.position)
      }
      takeEarly()
    },
    frame(frame) {
      if (topicClass === 'latest') setLatest(frame.items, { epoch: frame.epoch, offset: frame.offset })
      else if (!take(frame)) keep(frame)
      else if (early.length > 0) takeEarly()
      return early.length > 0
    },
    hasHole: () => isBehind || early.length > 0,
    closed(code) {
      for (const { to } of listeners) to.onClosed?.(code)
      listeners.clear()
    },
  }
}
