import type { AnyTopicName, CallInput, CallName, CallOutput, TopicItem } from '../src/contract/index.ts'
import type { WireError } from '../src/core/errors.ts'
import type { Position } from '../src/core/topics.ts'

export type ConnectionState = 'connecting' | 'online' | 'offline' | 'closed'

/** What one subscription is told. Items come once and in order, whichever reconnects happen between. */
export type TopicListener<Item> = {
  /** `items` are new; for a `latest` topic the array has the newest value only. */
  onItems(items: Item[], at: Position): void
  /**
   * The topic was joined (again) without continuity: `items` is what the server gave as a beginning (history of a durable
   * topic, value of a latest one). `isGap` is true when something may have been missed since the last item: load the view anew.
   */
  onStart?(items: Item[], at: Position, isGap: boolean): void
  /** Offsets from–to (inclusive) were left out under overload. They count as seen, and can be read as history. */
  onSkipped?(range: [from: number, to: number]): void
  /** The server put this subscriber out, or did not let it in. Nothing more comes. */
  onClosed?(code: string): void
}

/** The socket of one viewer: calls, topics with resume, and its state. Reconnects by itself. */
export type Connection = {
  /** One answer, or a `CallError` with the code of the server's error table. Waits for the connection, `timeoutMs` at most (default 10 s). */
  call<K extends CallName>(
    name: K,
    input: CallInput<K>,
    options?: { timeoutMs?: number },
  ): Promise<CallOutput<K>>
  /** Follows a topic until the returned function is called. Several subscribers of one topic share one join. */
  subscribe<N extends AnyTopicName>(topic: N, listener: TopicListener<TopicItem<N>>): () => void
  readonly state: ConnectionState
  /**
   * Why the server last ended a session or refused one (`draining`, `signed_out`, `too_slow` …); undefined where it never did
   * or the network was the reason.
   */
  readonly reason: string | undefined
  onState(listener: (state: ConnectionState) => void): () => void
  /** Ask for a new token and connect anew, after signing in or out. */
  renew(): void
  close(): void
}

/** A failed call or request. `code` is of the error table; `offline` and `timeout` are the client's own. */
export class CallError extends Error {
  override name = 'CallError'
  readonly code: WireError['code'] | 'offline' | 'timeout'
  readonly retry: boolean
  readonly details: WireError['details']
  readonly requestId: string | undefined

  constructor(
    error: Omit<WireError, 'code' | 'requestId'> & { code: CallError['code']; requestId?: string },
  ) {
    super(error.message)
    this.code = error.code
    this.retry = error.retry
    this.details = error.details
    this.requestId = error.requestId
  }
}
