/**
 * Login sessions that have ended while tokens made from them may still be good. An entry lives as long as a token, so
 * the set stays small by itself.
 */
export function createRevocations({ nowMs, tokenLifeMs }: { nowMs: () => number; tokenLifeMs: number }) {
  const untilMs = new Map<string, number>()
  return {
    add(loginSessionId: string): void {
      const now = nowMs()
      // Oldest first, as entries are never renewed.
      for (const [id, until] of untilMs) {
        if (until > now) break
        untilMs.delete(id)
      }
      untilMs.set(loginSessionId, now + tokenLifeMs)
    },
    has: (loginSessionId: string | undefined): boolean =>
      loginSessionId !== undefined && (untilMs.get(loginSessionId) ?? 0) > nowMs(),
  }
}
