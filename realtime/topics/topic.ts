import type { ItemsFrame, Position } from '../../src/core/topics.ts'
import { CALM_WAIT_MS, itemsPerSOf, waitMsOf } from './pace/allowance.ts'
import type { Pacing } from './pace/pacing.ts'
import { sample } from './pace/sample.ts'
import { createRing, type Ring } from './ring.ts'

/**
 * One topic as this process knows it. Items come in by `append` (live), `committed` (durable) or `set` (latest), get
 * their offset, wait for as long as their room's rate and size ask for, and leave as one frame for all members.
 *
 *   unloaded ──load──▶ loading ──head known──▶ ready          (durable; live and latest are born ready)
 *
 * While loading, committed items wait; once ready, offsets only grow and a hole is never emitted over: items after it
 * wait until `fill` brought what is missing.
 */
export type Emit = (frame: ItemsFrame) => void

/** The rate of a topic is that of about this time: a few waits of a calm room, so that a burst is met by its second frame. */
const RATE_OVER_MS = 500
/** More items than this do not fit one frame without holding up everything behind it. */
const FRAME_MAX_ITEMS = 250
/** Where items are skipped, so many seconds' worth may come at once after a pause: a burst alone is no overload. */
const BURST_S = 5
/** Behind a hole that can't be filled for long, more than this is read again rather than kept. */
const EARLY_MAX_ITEMS = 2000

export class Topic {
  readonly name: string
  readonly epoch: string
  members = 0
  /** When something last happened here; idle topics without members are forgotten. */
  touchedAtMs: number
  readonly #ring: Ring<unknown>
  readonly #emit: Emit
  #sentUpTo: number
  #early = new Map<number, unknown>()
  readonly #pacing: Pacing
  readonly #isSkippable: ((item: unknown) => boolean) | undefined
  #timer: NodeJS.Timeout | undefined
  #waitMs = 0
  /** Items of late, fading with time: `weight` as of `atMs`. */
  #recent = { weight: 0, atMs: 0 }
  /** Items that may still be sent, as of `atMs`, where some are skipped. */
  #credit = { items: 0, atMs: 0 }

  constructor(options: {
    name: string
    epoch: string
    head: number
    capacity: number
    nowMs: number
    emit: Emit
    pacing: Pacing
    /** Which items may be left out under overload; absent where none may. */
    isSkippable?: ((item: unknown) => boolean) | undefined
    /** The newest items up to `head`, for replay. */
    seed?: readonly unknown[]
  }) {
    const { seed = [] } = options
    this.name = options.name
    this.epoch = options.epoch
    this.#ring = createRing(options.capacity, options.head - seed.length)
    for (const item of seed) this.#ring.push(item)
    this.#sentUpTo = options.head
    this.#emit = options.emit
    this.#pacing = options.pacing
    this.#isSkippable = options.isSkippable
    this.touchedAtMs = options.nowMs
  }

  /** The newest offset known here, whether its frame has left or not. */
  get position(): Position {
    return { epoch: this.epoch, offset: this.#ring.head }
  }

  /** Adds items at the end (live). */
  append(items: readonly unknown[]): void {
    for (const item of items) {
      this.#ring.push(item)
      this.#schedule()
    }
  }

  /** Takes committed items with their offsets, in any order and more than once; answers whether a hole is open now. */
  accept(firstOffset: number, items: readonly unknown[]): boolean {
    items.forEach((item, i) => {
      const isNew = firstOffset + i > this.#ring.head
      if (isNew && this.#early.size < EARLY_MAX_ITEMS) this.#early.set(firstOffset + i, item)
    })
    // Without items, all that came before is known to exist.
    if (items.length === 0 && firstOffset - 1 > this.#ring.head) return true
    for (let next = this.#ring.head + 1; this.#early.has(next); next = this.#ring.head + 1) {
      this.#ring.push(this.#early.get(next))
      this.#early.delete(next)
      this.#schedule()
    }
    return this.#early.size > 0
  }

  /** Items after `offset` if they are all still here. */
  after(offset: number): unknown[] | undefined {
    return this.#ring.after(offset)
  }

  stop(): void {
    clearTimeout(this.#timer)
  }

  #schedule(): void {
    const itemsPerS = this.#countItem()
    const pendingItems = this.#ring.head - this.#sentUpTo
    // Before the ring could drop what was not sent yet.
    if (pendingItems >= FRAME_MAX_ITEMS) this.#flush()
    else if (pendingItems > 0 && !this.#timer) {
      this.#waitMs = waitMsOf(this.#pacing.level(), this.members, itemsPerS)
      this.#timer = setTimeout(() => this.#flush(), this.#waitMs)
    }
  }

  /** Counts one more; answers how many come per second of late. */
  #countItem(): number {
    const nowMs = performance.now()
    const { weight, atMs } = this.#recent
    this.#recent = { weight: weight * Math.exp((atMs - nowMs) / RATE_OVER_MS) + 1, atMs: nowMs }
    return (this.#recent.weight * 1000) / RATE_OVER_MS
  }

  #flush(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
    const pending = this.#ring.after(this.#sentUpTo) ?? []
    if (this.members === 0) this.#sentUpTo = this.#ring.head
    else this.#send(pending)
  }

  #send(pending: readonly unknown[]): void {
    let skippedItems = 0
    for (const { skipped, items } of this.#choose(pending)) {
      const first = this.#sentUpTo + 1
      skippedItems += skipped
      this.#sentUpTo += skipped
      for (let from = 0; from < items.length; from += FRAME_MAX_ITEMS) {
        const part = items.slice(from, from + FRAME_MAX_ITEMS)
        this.#sentUpTo += part.length
        const frame = { topic: this.name, epoch: this.epoch, offset: this.#sentUpTo, items: part }
        this.#emit(from === 0 && skipped > 0 ? { ...frame, skipped: [first, first + skipped - 1] } : frame)
      }
    }
    const slowed = this.#waitMs > CALM_WAIT_MS ? 'slowed' : 'calm'
    this.#pacing.report(this.name, skippedItems > 0 ? 'sampled' : slowed, skippedItems)
  }

  /** What of the pending items is sent. */
  #choose(pending: readonly unknown[]): ReturnType<typeof sample> {
    const isSkippable = this.#isSkippable
    const itemsPerS = itemsPerSOf(this.#pacing.level(), this.members)
    if (!isSkippable || itemsPerS === Number.POSITIVE_INFINITY) return [{ skipped: 0, items: pending }]
    const nowMs = performance.now()
    const { items, atMs } = this.#credit
    const credit = Math.min(itemsPerS * BURST_S, items + ((nowMs - atMs) * itemsPerS) / 1000)
    const runs = sample(pending, Math.floor(credit), (item) => !isSkippable(item))
    const sent = runs.reduce((sum, run) => sum + run.items.length, 0)
    this.#credit = { items: Math.max(0, credit - sent), atMs: nowMs }
    return runs
  }
}
