import type { TemplatedApp, us_listen_socket } from 'uWebSockets.js'
import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { connect } from 'node:net'
import { dirname, join } from 'node:path'
import type { Server } from 'socket.io'
import { StartError } from '../../src/core/running/start-error.ts'
import { watchBacklog } from './backlog.ts'
import type { EngineOptions, ListeningEngine } from './engine.ts'
import { nativeRoom, unsubscribeOnNamespaceLeave, withRepairs } from './uws-repairs.ts'

type Uws = typeof import('uWebSockets.js')

/** RFC 6455, 7.4.1: the connection ended without a close frame. */
const ABNORMAL_CLOSURE = 1006

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
  const { tls, maxBufferedBytes, onTooSlow } = options
  const app = tls ? uws.SSLApp({ cert_file_name: tls.certFile, key_file_name: tls.keyFile }) : uws.App()
  // The limit of uWS bounds bursts; it closes without a word, so that who was behind a moment ago was too slow.
  const onClose = (transport: object, code: number) => {
    if (code === ABNORMAL_CLOSURE && backlog.isBehind(transport)) onTooSlow(transport)
  }
  io.attachApp(withRepairs(app, { maxBufferedBytes, onClose }))
  const unpatch = unsubscribeOnNamespaceLeave()
  const backlog = watchBacklog({
    ...{ io, maxBytes: maxBufferedBytes },
    bytesOf: ({ transport }) => (transport.socket as NativeSocket | undefined)?.getBufferedAmount() ?? 0,
    end({ transport }) {
      onTooSlow(transport)
      ;(transport.socket as NativeSocket).close()
    },
  })
  const listening = await listen(uws, app, options)
  return {
    name: 'uws',
    port: listening.port,
    // What `io.to(room).emit` does, without its look at every member: a tenth of the cost. 4: message, 2: event.
    publish: (room, event, payload) =>
      void app.publish(nativeRoom('/', room), `42${JSON.stringify([event, payload])}`),
    backlog: backlog.last,
    close() {
      backlog.stop()
      // `io.close()` leaves the port open.
      uws.us_listen_socket_close(listening.token)
      unpatch()
    },
  }
}

type NativeSocket = { getBufferedAmount(): number; close(): void }

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
