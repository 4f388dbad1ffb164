import type { Online } from '../../src/core/ports.ts'

/** The accounts that are online, kept by gateways: one entry per socket. */
export type OnlineBook = Online & {
  enter(accountId: string): void
  leave(accountId: string): void
  /** Resolves once everybody who pushes knows that the account is online; rejects where that can't be had now. */
  confirmed(accountId: string): Promise<void>
  stop(): void
}

/** As long as a topic's history outlives its last reader: whoever comes back within it expects what was missed. */
export const ONLINE_KEEP_MS = 10 * 60_000
const SWEEP_MS = 60_000

/** Who is online at this process, which is alone. */
export function createOnline({ nowMs }: { nowMs: () => number }): OnlineBook {
  const book = createSocketBook()
  const leftAt = new Map<string, number>()
  const isKept = (id: string) => book.has(id) || nowMs() - (leftAt.get(id) ?? -Infinity) < ONLINE_KEEP_MS
  const sweeper = setInterval(() => {
    for (const id of leftAt.keys()) if (!isKept(id) || book.has(id)) leftAt.delete(id)
  }, SWEEP_MS)
  return {
    enter: (id) => void book.enter(id),
    leave(id) {
      if (book.leave(id)) leftAt.set(id, nowMs())
    },
    confirmed: async () => {},
    among: async (ids) => new Set(ids.filter(isKept)),
    all: async () => [...new Set([...book.ids(), ...[...leftAt.keys()].filter(isKept)])],
    stop: () => clearInterval(sweeper),
  }
}

/** How many sockets each account has here. */
export function createSocketBook() {
  const sockets = new Map<string, number>()
  return {
    /** Whether it is the first. */
    enter(id: string): boolean {
      const count = sockets.get(id) ?? 0
      sockets.set(id, count + 1)
      return count === 0
    },
    /** Whether it was the last. */
    leave(id: string): boolean {
      const count = sockets.get(id)
      if (count === undefined) return false
      if (count > 1) sockets.set(id, count - 1)
      else sockets.delete(id)
      return count === 1
    },
    has: (id: string) => sockets.has(id),
    ids: () => sockets.keys(),
  }
}
