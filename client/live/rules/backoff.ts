/** First wait: short enough that a restarted worker's viewers see it as a blink. */
const FIRST_MS = 250
/** Longest wait: nobody looks at a frozen picture for longer than this once the path is back. */
const LONGEST_MS = 5000

/** The wait before try `attempt` (0 is the first repeat): doubling, bounded by 5 s, half of it random so that a crowd spreads. */
export function backoffMs(attempt: number, random: () => number = Math.random): number {
  const fullMs = Math.min(FIRST_MS * 2 ** attempt, LONGEST_MS)
  return fullMs / 2 + (fullMs / 2) * random()
}
