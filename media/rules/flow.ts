import { SECOND_MS } from '../../src/core/time.ts'

/**
 * After so long without a packet a sender counts as gone. Loss on a bad radio link heals within two seconds; longer, and
 * viewers should be told rather than look at a frozen picture.
 */
export const SILENCE_MS = 3 * SECOND_MS

/** Says from a growing byte count whether packets arrive. */
export type FlowMeter = {
  /** True while the count has risen within the last `SILENCE_MS`. */
  update(totalBytes: number, nowMs: number): boolean
}

/** A meter that has seen nothing flow yet. */
export function createFlowMeter(): FlowMeter {
  let lastBytes = 0
  let lastRiseAt = Number.NEGATIVE_INFINITY
  return {
    update(totalBytes, nowMs) {
      if (totalBytes > lastBytes) lastRiseAt = nowMs
      // A replaced producer starts its count anew, so a fall is remembered but is no sign of life.
      lastBytes = totalBytes
      return nowMs - lastRiseAt < SILENCE_MS
    },
  }
}
