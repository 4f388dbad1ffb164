/**
 * Seconds a connection waits before it is tried again while the database is away: at most one, spread a little. The library's
 * own waits grow to twenty seconds, each connection its own: somebody who asks would go on waiting long after it is back.
 */
export const reconnectSeconds = (retries: number) =>
  (0.5 + Math.random() / 2) * Math.min(2 ** retries / 100, 1)
