import type { Backlog } from './backlog.ts'

/** What an engine needs to listen. */
export type EngineOptions = {
  host: string
  port: number
  tls: { certFile: string; keyFile: string } | undefined
  /** A consumer that leaves more than this unread is closed; it resumes by position. */
  maxBufferedBytes: number
  /** Told of the transport of a connection that is closed for that, right before it is. */
  onTooSlow: (transport: object) => void
}

/** An engine that takes sockets; `port` is undefined where it shares the HTTP server's. */
export type ListeningEngine = {
  name: 'uws' | 'ws'
  port: number | undefined
  /** Sends an event to everybody in a room; it is encoded once. */
  publish(room: string, event: string, payload: unknown): void
  /** What waited to be read, as of the last look. */
  backlog: () => Backlog
  close(): void
}
