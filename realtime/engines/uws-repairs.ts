import type { HttpRequest, HttpResponse, TemplatedApp, us_socket_context_t, WebSocket } from 'uWebSockets.js'
import { Adapter } from 'socket.io-adapter'

/**
 * What socket.io 4.8 gets wrong on uWebSockets.js, repaired from outside. Each repair is held by a test that fails
 * without it (`test/integration/engines.test.ts`).
 *
 * - A slow reader silently loses messages: engine.io does not pass `closeOnBackpressureLimit` through.
 * - A client that hangs up while an asynchronous check of its handshake runs ends the process.
 * - Leaving a namespace while the connection stays open leaves the native subscriptions in place.
 */

/** Socket.io's uWS adapter joins namespace and room by this (socket.io/dist/uws.js). */
const SEPARATOR = '\x1f'
/** Seconds without a packet after which uWS itself closes; above engine.io's own heartbeat, which says why. */
const IDLE_TIMEOUT_SECONDS = 120

export const nativeRoom = (namespace: string, room: string) => `${namespace}${SEPARATOR}${room}`

/** What engine.io keeps with a native socket. */
type UserData = { transport: { onClose(code?: number, message?: ArrayBuffer): void } }
type Behavior = Parameters<TemplatedApp['ws']>[1] & {
  upgrade(res: HttpResponse, req: HttpRequest, context: us_socket_context_t): void
  close(ws: WebSocket<UserData>, code: number, message: ArrayBuffer): void
}

type Options = {
  maxBufferedBytes: number
  /** Told right before engine.io is. Code 1006 is a connection that ended without a word from the other side. */
  onClose: (transport: object, code: number) => void
}

/** The app as engine.io should see it. */
export function withRepairs(app: TemplatedApp, { maxBufferedBytes, onClose }: Options) {
  const facade = {
    any(path: string, handler: Parameters<TemplatedApp['any']>[1]) {
      app.any(path, (res, req) => handler(guarded(res), req))
      return facade
    },
    get(path: string, handler: Parameters<TemplatedApp['get']>[1]) {
      app.get(path, handler)
      return facade
    },
    ws(path: string, behavior: Behavior) {
      app.ws<UserData>(path, {
        ...behavior,
        maxBackpressure: maxBufferedBytes,
        closeOnBackpressureLimit: 1,
        idleTimeout: IDLE_TIMEOUT_SECONDS,
        upgrade: (res, req, context) => behavior.upgrade(guarded(res), req, context),
        close(ws, code, message) {
          onClose(ws.getUserData().transport, code)
          behavior.close(ws, code, message)
        },
      })
      return facade
    },
    publish: (...args: Parameters<TemplatedApp['publish']>) => app.publish(...args),
  }
  return facade
}

/**
 * A response whose methods do nothing once the client has hung up; the native ones throw then. A transport that would
 * have been opened is closed instead, as nothing else would.
 */
function guarded(res: HttpResponse): HttpResponse {
  let isAborted = false
  const proxy: HttpResponse = new Proxy(res, {
    get(target, name) {
      const method: unknown = Reflect.get(target, name)
      if (typeof method !== 'function') return method
      if (name === 'onAborted') {
        return (tell: () => void) =>
          target.onAborted(() => {
            isAborted = true
            tell()
          })
      }
      return (...args: unknown[]) => {
        if (!isAborted) return chained(method.apply(target, args))
        if (name === 'cork') (args[0] as () => void)()
        if (name === 'upgrade') (args[0] as UserData).transport.onClose()
        return proxy
      }
    },
  })
  const chained = (answer: unknown) => (answer === res ? proxy : answer)
  return proxy
}

type NativeSocket = { unsubscribe(topic: string): boolean }
type PatchedAdapter = {
  nsp: {
    name: string
    sockets: Map<string, { conn: { readyState: string; transport: { name: string; socket?: NativeSocket } } }>
  }
  sids: Map<string, Set<string>>
}

/** Whoever leaves a namespace hears nothing more of it. Answers the function that undoes the patch. */
export function unsubscribeOnNamespaceLeave(): () => void {
  const prototype = Adapter.prototype
  const { delAll } = prototype
  prototype.delAll = function patched(this: Adapter, id: string) {
    const { nsp, sids } = this as unknown as PatchedAdapter
    const connection = nsp.sockets.get(id)?.conn
    if (connection?.readyState === 'open' && connection.transport.name === 'websocket') {
      const native = connection.transport.socket
      native?.unsubscribe(nsp.name)
      for (const room of sids.get(id) ?? []) native?.unsubscribe(nativeRoom(nsp.name, room))
    }
    delAll.call(this, id)
  }
  return () => {
    prototype.delAll = delAll
  }
}
