import type { Logger } from '../../../src/core/log.ts'

/** `slowed`: items wait longer than in a calm room; `sampled`: some are left out. */
export type Rung = 'calm' | 'slowed' | 'sampled'

const HEIGHT = { calm: 0, slowed: 1, sampled: 2 } as const satisfies Record<Rung, number>
/** A room that needed a rung within this is on it still; frames of one second differ. */
const HOLD_MS = 5000

type Entry = { rung: Rung; untilMs: number; skipped: number }

/**
 * Which rooms are above the ground, for logs and metrics. A rung is entered at once, and left when it was not needed for
 * five seconds.
 */
export function createRungs({ log, nowMs }: { log: Logger; nowMs: () => number }) {
  const entries = new Map<string, Entry>()

  function enter(topic: string, rung: Rung, skipped: number): void {
    entries.set(topic, { rung, skipped, untilMs: nowMs() + HOLD_MS })
    log.info({ topic, rung }, 'A room goes up the overload ladder')
  }

  function leave(topic: string, entry: Entry): void {
    entries.delete(topic)
    log.info(
      { topic, rung: entry.rung, skipped: entry.skipped },
      'A room leaves a rung of the overload ladder',
    )
  }

  return {
    /** Called for every frame. */
    report(topic: string, rung: Rung, skipped: number): void {
      const entry = entries.get(topic)
      if (!entry && rung === 'calm') return
      if (!entry) return void enter(topic, rung, skipped)
      entry.skipped += skipped
      if (HEIGHT[rung] > HEIGHT[entry.rung]) enter(topic, rung, entry.skipped)
      else if (rung === entry.rung) entry.untilMs = nowMs() + HOLD_MS
    },
    /** Lets go of rungs that were not needed for a while; a room that is still slowed says so with its next frame. */
    look(): void {
      for (const [topic, entry] of entries) if (nowMs() >= entry.untilMs) leave(topic, entry)
    },
    counts(): { slowed: number; sampled: number } {
      const counts = { slowed: 0, sampled: 0 }
      for (const { rung } of entries.values()) if (rung !== 'calm') counts[rung]++
      return counts
    },
  }
}
