import type { RedisLink } from '../../../src/infra/redis/client.ts'
import { listKey, metaKey, type TopicScripts } from './scripts.ts'
import { channelOf, type Wire } from './wire.ts'

/** Items kept in Redis for replay: minutes of a busy stream's events. */
export const HISTORY_ITEMS = 500
/** Longer than any gateway goes without reading a topic that has members. */
export const LIFE_MS = 10 * 60_000
/** One script works on so many items at most. */
const BATCH_MAX_ITEMS = 250
/** Items that wait for Redis in all: some tens of megabytes. Beyond it each topic keeps its newest one. */
const WAITING_MAX_ITEMS = 100_000

type Batch = { number: number; items: readonly unknown[]; isAfterLoss: boolean }
type Queue = { waiting: unknown[]; sending: Batch | undefined; hasLost: boolean; isBusy: boolean }

type Deps = {
  wire: Wire
  scripts: TopicScripts
  /** Items have got their offsets. */
  onAppended: (topic: string, epoch: string, first: number, items: readonly unknown[]) => void
  waitingMaxItems?: number
}

/**
 * Appends to live topics in order. Those of one tick and topic are one script; while it runs, what comes next waits, so that
 * order is kept. While Redis is away up to HISTORY_ITEMS a topic wait in memory, or one where too many wait in all; the others
 * are dropped, oldest first, and the topic begins a new epoch, which tells everybody that there is a gap. A batch whose answer was lost is sent again
 * unchanged: its number lets Redis answer what it had answered.
 */
export function createOutbox({ wire, scripts, onAppended, waitingMaxItems = WAITING_MAX_ITEMS }: Deps) {
  const queues = new Map<string, Queue>()
  const link: RedisLink = wire.link
  let batches = 0
  let waitingItems = 0

  function append(topic: string, items: readonly unknown[]): void {
    const found = queues.get(topic)
    const queue = found ?? { waiting: [], sending: undefined, hasLost: false, isBusy: false }
    if (!found) {
      queues.set(topic, queue)
      setImmediate(() => void flush(topic))
    }
    queue.waiting.push(...items)
    waitingItems += items.length
    if (!link.isUp()) drop(queue)
  }

  function drop(queue: Queue): void {
    const keep = waitingItems > waitingMaxItems ? 1 : HISTORY_ITEMS
    if (queue.waiting.length <= keep) return
    waitingItems -= queue.waiting.splice(0, queue.waiting.length - keep).length
    queue.hasLost = true
  }

  async function flush(topic: string): Promise<void> {
    const queue = queues.get(topic)
    if (!queue || queue.isBusy || !link.isUp()) return
    queue.isBusy = true
    try {
      while (queue.sending || queue.waiting.length > 0) {
        queue.sending ??= nextBatch(queue)
        await send(topic, queue.sending)
        queue.sending = undefined
      }
      queues.delete(topic)
    } catch {
      // `onUp` follows, and with it the next try.
      link.suspect()
    } finally {
      queue.isBusy = false
    }
  }

  function nextBatch(queue: Queue): Batch {
    const items = queue.waiting.splice(0, BATCH_MAX_ITEMS)
    waitingItems -= items.length
    const isAfterLoss = queue.hasLost
    queue.hasLost = false
    return { number: ++batches, items, isAfterLoss }
  }

  async function send(topic: string, { number, items, isAfterLoss }: Batch): Promise<void> {
    const options = [wire.node, number, isAfterLoss ? 1 : 0, HISTORY_ITEMS, LIFE_MS]
    const json = items.map((item) => JSON.stringify(item))
    const keys = [metaKey(topic), listKey(topic), channelOf(topic)]
    const [epoch, first] = (await scripts.append(keys, [...options, ...json])) as [string, number]
    onAppended(topic, epoch, first, items)
  }

  const unfollow = link.onUp(() => {
    for (const topic of queues.keys()) void flush(topic)
  })

  return { append, stop: unfollow }
}
