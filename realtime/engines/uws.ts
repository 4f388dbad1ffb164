import type { TemplatedApp, us_listen_socket, WebSocketBehavior } from 'uWebSockets.js'
import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { connect } from 'node:net'
import { dirname, join } from 'node:path'
import type { Server } from 'socket.io'
import { Adapter } from 'socket.io-adapter'
import { StartError } from '../../src/core/start-error.ts'
import type { EngineOptions, ListeningEngine } from './engine.ts'

type Uws = typeof import('uWebSockets.js')

/** Socket.io's uWS adapter joins namespace and room by this (socket.io/dist/uws.js). */
const SEPARATOR = '\x1f'
/** Seconds without a packet after which uWS itself closes; above engine.io's own heartbeat, which says why. */
const IDLE_TIMEOUT_SECONDS = 120

/**
 * The native uWebSockets.js, or undefined where this platform has no binary. The npm package falls back to an imitation
 * in JavaScript that is broken; the binary's file and a class that the imitation lacks tell them apart.
 */
export async function loadUws(): Promise<Uws | undefined> {
  const require = createRequire(import.meta.url)
  const file = `uws_${process.platform}_${process.arch}_${process.versions.modules}.node`
  try {
    const root = dirname(require.resolve('uWebSockets.js/package.json'))
    if (![root, join(root, 'binaries')].some((folder) => existsSync(join(folder, file)))) return undefined
    const uws = require('uWebSockets.js') as Uws & { H3App?: unknown }
    return typeof uws.H3App === 'function' ? uws : undefined
  } catch {
    return undefined
  }
}

/** Attaches socket.io to a uWebSockets.js app with a listener of its own. One per process: the Adapter is patched globally. */
export async function listenWithUws(uws: Uws, io: Server, options: EngineOptions): Promise<ListeningEngine> {
  const { tls } = options
  const app = tls ? uws.SSLApp({ cert_file_name: tls.certFile, key_file_name: tls.keyFile }) : uws.App()
  io.attachApp(withRepairs(app, options.maxBufferedBytes))
  const unpatch = unsubscribeOnNamespaceLeave()
  const listening = await listen(uws, app, options)
  return {
    name: 'uws',
    port: listening.port,
    close() {
      uws.us_listen_socket_close(listening.token)
      unpatch()
    },
  }
}

/** engine.io does not pass `closeOnBackpressureLimit` through; without it a slow reader silently loses messages. */
function withRepairs(app: TemplatedApp, maxBufferedBytes: number) {
  const facade = {
    any: (path: string, handler: Parameters<TemplatedApp['any']>[1]) => {
      app.any(path, handler)
      return facade
    },
    get: (path: string, handler: Parameters<TemplatedApp['get']>[1]) => {
      app.get(path, handler)
      return facade
    },
    ws: (path: string, behavior: WebSocketBehavior<unknown>) => {
      const limits = {
        maxBackpressure: maxBufferedBytes,
        closeOnBackpressureLimit: 1,
        idleTimeout: IDLE_TIMEOUT_SECONDS,
      }
      app.ws(path, { ...behavior, ...limits } as WebSocketBehavior<unknown>)
      return facade
    },
    publish: (...args: Parameters<TemplatedApp['publish']>) => app.publish(...args),
  }
  return facade
}

type NativeSocket = { unsubscribe(topic: string): boolean }
type PatchedAdapter = {
  nsp: {
    name: string
    sockets: Map<string, { conn: { readyState: string; transport: { name: string; socket?: NativeSocket } } }>
  }
  sids: Map<string, Set<string>>
}

/**
 * Leaving a namespace while its connection stays open leaves the native subscriptions in place: whoever sent a
 * disconnect packet would go on receiving. Answers the function that undoes the patch.
 */
function unsubscribeOnNamespaceLeave(): () => void {
  const prototype = Adapter.prototype
  const { delAll } = prototype
  prototype.delAll = function patched(this: Adapter, id: string) {
    const { nsp, sids } = this as unknown as PatchedAdapter
    const connection = nsp.sockets.get(id)?.conn
    if (connection?.readyState === 'open' && connection.transport.name === 'websocket') {
      const native = connection.transport.socket
      native?.unsubscribe(nsp.name)
      for (const room of sids.get(id) ?? []) native?.unsubscribe(`${nsp.name}${SEPARATOR}${room}`)
    }
    delAll.call(this, id)
  }
  return () => {
    prototype.delAll = delAll
  }
}

async function listen(uws: Uws, app: TemplatedApp, { host, port }: EngineOptions) {
  // uWS shares ports (SO_REUSEPORT): a second server would silently take half of our sockets. Without sharing, though,
  // the port of a killed server stays taken by its closing connections. So whether somebody listens is asked first.
  if (port !== 0 && (await somebodyListens(host, port))) throw portTaken(port)
  return new Promise<{ token: us_listen_socket; port: number }>((resolve, reject) => {
    app.listen(host, port, (token) => {
      if (token) resolve({ token, port: uws.us_socket_local_port(token) })
      else reject(portTaken(port))
    })
  })
}

function somebodyListens(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = connect({ host: host === '0.0.0.0' ? '127.0.0.1' : host, port })
    probe.once('connect', () => {
      probe.destroy()
      resolve(true)
    })
    probe.once('error', () => resolve(false))
  })
}

const portTaken = (port: number) =>
  new StartError(`Port ${port} for the sockets is taken: set SOCKET_PORT to another one.`)
