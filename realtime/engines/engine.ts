/** What an engine needs to listen. */
export type EngineOptions = {
  host: string
  port: number
  tls: { certFile: string; keyFile: string } | undefined
  /** A consumer that leaves more than this unread is closed; it resumes by position. */
  maxBufferedBytes: number
}

/** An engine that takes sockets; `port` is undefined where it shares the HTTP server's. */
export type ListeningEngine = { name: 'uws' | 'ws'; port: number | undefined; close(): void }
