/** A client comes back within its longest pause and a slow handshake or two. */
const KEPT_MS = 2 * 60_000
/** More at once are the network's fault, and would come back to other nodes as well. */
const KEPT_MAX = 10_000

/**
 * Sockets that were closed because they did not take what was sent to them. The close can't say so – nothing that is
 * sent is read – so the next handshake does, once, if it names the socket that was there before.
 */
export function createSlowConsumers({ nowMs }: { nowMs: () => number }) {
  const transports = new WeakSet<object>()
  const goneAtMs = new Map<string, number>()

  return {
    /** Before the engine closes a connection for this. */
    mark: (transport: object) => void transports.add(transport),
    /** A socket is gone; answers whether that was why. */
    gone(socketId: string, transport: object): boolean {
      if (!transports.has(transport)) return false
      const [oldest] = goneAtMs.keys()
      if (oldest !== undefined && goneAtMs.size >= KEPT_MAX) goneAtMs.delete(oldest)
      goneAtMs.set(socketId, nowMs())
      return true
    },
    /** Whether the socket of this id was closed for this lately; answers true once. */
    take(socketId: unknown): boolean {
      if (typeof socketId !== 'string') return false
      const atMs = goneAtMs.get(socketId)
      return goneAtMs.delete(socketId) && atMs !== undefined && nowMs() - atMs < KEPT_MS
    },
  }
}
