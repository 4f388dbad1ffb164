import type { io as Io, Socket } from 'socket.io-client'
import type { WireError } from '../src/core/errors.ts'

/** Where sockets connect, as `GET /api/config` answers. */
export type SocketAddress = { socketUrl: string | null; socketPort: number | null }

export type LinkOptions = {
  /** Answers where sockets connect. */
  getConfig: () => Promise<SocketAddress>
  /** Answers a fresh token: `POST /api/socket-token`. */
  getToken: () => Promise<string>
  /** Origin of the server; the page's own in a browser. */
  origin?: string
}

type LinkEvents = {
  /** A socket is connected; it is the current one until `onDown`. */
  onUp(socket: Socket): void
  onDown(): void
  /** The current socket is to be left: nothing new is asked there, and `leave` is called when what was asked is answered. */
  onLeaving(): void
  /** The server said why it ended a session or did not let one in: a code of its error table, or of `session:ended`. */
  onReason(code: string): void
  /** The server ended the session for good. */
  onEnded(code: string): void
}

/** First wait after a lost connection; doubles up to the longest. Jitter spreads a crowd that was cut at once. */
const RETRY_FIRST_MS = 300
const RETRY_MAX_MS = 8000
const HANDSHAKE_TIMEOUT_MS = 8000
/** A crowd that a server sends away does not arrive at the next one in the same instant. */
const MOVE_JITTER_MS = 300

/**
 * Keeps one socket connected: a new token for every attempt, the server's own socket port first and the page's origin
 * where that port can't be reached, growing pauses between attempts, at once when the browser says it is online again.
 *
 *   idle ──open──▶ trying ──connected──▶ up ──lost──▶ waiting ──pause over──▶ trying        any ──close──▶ closed
 *                                        up ──sent away──▶ leaving ──all is answered, or lost──▶ trying
 */
export function createLink(options: LinkOptions, events: LinkEvents) {
  let socket: Socket | undefined
  let timer: ReturnType<typeof setTimeout> | undefined
  /** Id of the last socket that was connected: the server may want to say how it ended. */
  let previous: string | undefined
  let failures = 0
  let isClosed = false
  let isLeaving = false
  let attempt = 0

  async function tryOnce(): Promise<void> {
    const mine = ++attempt
    clearTimeout(timer)
    try {
      // Sockets are no part of what a page shows first: their code comes while the token does.
      const [address, token, { io }] = await Promise.all([
        options.getConfig(),
        options.getToken(),
        import('socket.io-client'),
      ])
      if (isClosed || mine !== attempt) return
      connect(io, candidates(address, originOf(options)), token, mine)
    } catch {
      if (mine === attempt) retry()
    }
  }

  function connect(io: typeof Io, urls: readonly string[], token: string, mine: number): void {
    const url = urls[failures % urls.length] ?? originOf(options)
    const next = io(url, {
      auth: { token, ...(previous !== undefined && { previous }) },
      transports: ['websocket'],
      reconnection: false,
      forceNew: true,
      timeout: HANDSHAKE_TIMEOUT_MS,
    })
    socket = next
    next.on('connect', () => {
      if (mine !== attempt) return void next.disconnect()
      failures = 0
      isLeaving = false
      previous = next.id
      events.onUp(next)
    })
    next.on('session:ended', (ended: { code: string; reconnect: boolean }) => {
      if (mine !== attempt) return
      events.onReason(ended.code)
      if (ended.reconnect) {
        isLeaving = true
        return events.onLeaving()
      }
      isClosed = true
      events.onEnded(ended.code)
    })
    next.on('connect_error', (error: Error & { data?: WireError }) => {
      next.close()
      if (mine !== attempt) return
      if (error.data) events.onReason(error.data.code)
      // A refused token is replaced at once; everything else waits.
      retry(error.data?.code === 'token_expired' && failures === 0)
    })
    next.on('disconnect', () => {
      if (mine !== attempt) return
      events.onDown()
      if (isLeaving) again(MOVE_JITTER_MS * Math.random())
      else retry()
    })
  }

  function again(pauseMs: number): void {
    if (isClosed) return
    clearTimeout(timer)
    timer = setTimeout(() => void tryOnce(), pauseMs)
  }

  function retry(isImmediate = false): void {
    const pauseMs = Math.min(RETRY_MAX_MS, RETRY_FIRST_MS * 2 ** Math.min(failures, 10))
    failures++
    again(isImmediate ? 0 : pauseMs * (0.5 + Math.random()))
  }

  const onOnline = () => {
    if (!isClosed && !socket?.connected) void tryOnce()
  }
  globalThis.addEventListener?.('online', onOnline)
  void tryOnce()

  return {
    current: () => (socket?.connected && !isLeaving ? socket : undefined),
    /** What was asked of the socket that is to be left has been answered. */
    leave(): void {
      if (isLeaving) socket?.disconnect()
    },
    /** Connects anew, with a new token. */
    renew(): void {
      if (isClosed) return
      const old = socket
      const wasUp = old?.connected ?? false
      void tryOnce()
      old?.close()
      if (wasUp) events.onDown()
    },
    close(): void {
      isClosed = true
      attempt++
      clearTimeout(timer)
      globalThis.removeEventListener?.('online', onOnline)
      socket?.close()
    },
  }
}

function originOf({ origin }: LinkOptions): string {
  return origin ?? globalThis.location?.origin ?? ''
}

function candidates({ socketUrl, socketPort }: SocketAddress, origin: string): string[] {
  if (socketUrl) return [socketUrl]
  if (socketPort === null) return [origin]
  const own = new URL(origin)
  own.port = String(socketPort)
  return [own.origin, origin]
}
