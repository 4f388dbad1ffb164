/** A request that was under way when its session ended signs its token within this; people wait no longer for one. */
const SIGNING_MS = 15_000

type Deps = {
  /** The clock that tokens end by, and one that nobody sets. */
  nowMs: () => number
  steadyMs: () => number
  tokenLifeMs: number
}

/**
 * Login sessions that have ended while tokens made from them may still be good. An entry lives as long as a token, so
 * the set stays small by itself.
 */
export function createRevocations({ nowMs, steadyMs, tokenLifeMs }: Deps) {
  const entries = new Map<string, { untilMs: number; steadyUntilMs: number }>()
  // By both clocks: tokens end by the one that can be set, and it may be set forward and back again.
  const isOver = ({ untilMs, steadyUntilMs }: { untilMs: number; steadyUntilMs: number }) =>
    untilMs <= nowMs() && steadyUntilMs <= steadyMs()
  return {
    add(loginSessionId: string): void {
      // Oldest first, but for what is told twice and for clocks that were set: those go a little later.
      for (const [id, entry] of entries) {
        if (!isOver(entry)) break
        entries.delete(id)
      }
      const lifeMs = SIGNING_MS + tokenLifeMs
      entries.set(loginSessionId, { untilMs: nowMs() + lifeMs, steadyUntilMs: steadyMs() + lifeMs })
    },
    has(loginSessionId: string | undefined): boolean {
      const entry = loginSessionId === undefined ? undefined : entries.get(loginSessionId)
      return entry !== undefined && !isOver(entry)
    },
  }
}
