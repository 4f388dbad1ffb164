import { useEffect, useState } from 'react'
import { type Phase, type PremiereTimes, phaseAt, serverNow, untilNextMs } from './phases.ts'

/** Timers count no further than 25 days, and stand still while a machine sleeps: it is looked at now and then. */
const LOOK_EVERY_MS = 30_000

/** What a premiere does now by the clock of the server; undefined where there is none. */
export function usePhase(times: PremiereTimes | undefined, aheadMs: number): Phase | undefined {
  const { startsAt, endsAt } = times ?? {}
  const [looks, setLooks] = useState(0)
  // biome-ignore lint/correctness/useExhaustiveDependencies: each look decides when the next one is.
  useEffect(() => {
    if (startsAt === undefined || endsAt === undefined) return
    const leftMs = untilNextMs({ startsAt, endsAt }, serverNow(aheadMs))
    if (leftMs === undefined) return
    // Timers may be a moment early; then there is one more look.
    const timer = setTimeout(() => setLooks((count) => count + 1), Math.min(leftMs + 1, LOOK_EVERY_MS))
    return () => clearTimeout(timer)
  }, [startsAt, endsAt, aheadMs, looks])
  return times && phaseAt(times, serverNow(aheadMs))
}
