import type { ItemsFrame, Position } from '../../src/core/topics.ts'
import { createRing, type Ring } from './ring.ts'

/**
 * One topic as this process knows it. Items come in by `append` (live), `committed` (durable) or `set` (latest), get
 * their offset, wait for the tick and leave as one frame for all members.
 *
 *   unloaded ──load──▶ loading ──head known──▶ ready          (durable; live and latest are born ready)
 *
 * While loading, committed items wait; once ready, offsets only grow and a hole is never emitted over: items after it
 * wait until `fill` brought what is missing.
 */
export type Emit = (frame: ItemsFrame) => void

/** Two frames of a topic are at least this far apart: below what people notice, and what arrives meanwhile shares a frame. */
const TICK_MS = 15
/** More items than this do not fit one frame without holding up everything behind it. */
const FRAME_MAX_ITEMS = 250
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
  #timer: NodeJS.Timeout | undefined
  #lastFlushAtMs = 0

  constructor(options: {
    name: string
    epoch: string
    head: number
    capacity: number
    nowMs: number
    emit: Emit
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
    const pendingItems = this.#ring.head - this.#sentUpTo
    // Before the ring could drop what was not sent yet.
    if (pendingItems >= FRAME_MAX_ITEMS) this.#flush()
    else if (pendingItems > 0 && !this.#timer) {
      const waitMs = Math.max(0, this.#lastFlushAtMs + TICK_MS - performance.now())
      this.#timer = setTimeout(() => this.#flush(), waitMs)
    }
  }

  #flush(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
    this.#lastFlushAtMs = performance.now()
    const pending = this.#ring.after(this.#sentUpTo) ?? []
    if (this.members === 0) this.#sentUpTo = this.#ring.head
    for (let from = 0; from < pending.length && this.members > 0; from += FRAME_MAX_ITEMS) {
      const items = pending.slice(from, from + FRAME_MAX_ITEMS)
      this.#sentUpTo += items.length
      this.#emit({ topic: this.name, epoch: this.epoch, offset: this.#sentUpTo, items })
    }
  }
}
