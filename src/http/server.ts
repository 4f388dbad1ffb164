import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { createServer as createTlsServer, type Server as TlsServer } from 'node:https'
import type { AddressInfo, Socket } from 'node:net'
import { getRequestListener } from '@hono/node-server'
import { StartError } from '../core/running/start-error.ts'
import { SECOND_MS, sleep } from '../core/time.ts'
import { type AppDeps, createApp } from './app.ts'

export type HttpServerDeps = Omit<AppDeps, 'config'> & {
  config: AppDeps['config'] & { HOST: string; PORT: number }
  /** PEM certificate and key; with them the listener speaks HTTPS. */
  tls?: { cert: Buffer; key: Buffer } | undefined
}

export type HttpServer = AsyncDisposable & {
  server: Server | TlsServer
  port: number
  /** From now on every answer closes its connection; requests are taken for `lingerMs` more, until proxies know. */
  drain(lingerMs: number): Promise<void>
}

/** Longer than the idle time of common load balancers (60 s), so that these never send into a closing connection. */
const KEEP_ALIVE_MS = 65 * SECOND_MS
/** Requests under way get this long to end when the server stops. */
const FINISH_MS = 10 * SECOND_MS

/** Listens on HOST:PORT (0: any free port) and answers once it does; rejects where the address can't be had. */
export async function createHttpServer(deps: HttpServerDeps): Promise<HttpServer> {
  let port = deps.config.PORT
  const app = createApp(deps, () => port)
  const answer = getRequestListener(app.fetch)
  const requests = trackRequests()
  let isDraining = false
  const listener = (request: IncomingMessage, response: ServerResponse) => {
    requests.add(response)
    if (isDraining) response.shouldKeepAlive = false
    void answer(request, response)
  }
  const server = deps.tls ? createTlsServer(deps.tls, listener) : createServer(listener)
  server.keepAliveTimeout = KEEP_ALIVE_MS
  const connections = trackConnections(server)
  await listen(server, deps.config.PORT, deps.config.HOST)
  port = (server.address() as AddressInfo).port
  return {
    ...{ server, port },
    async drain(lingerMs) {
      isDraining = true
      await sleep(lingerMs)
    },
    async [Symbol.asyncDispose]() {
      if (!server.listening) return
      const closed = new Promise<void>((resolve) => void server.close(() => resolve()))
      await requests.finished(FINISH_MS)
      for (const socket of connections) socket.destroy()
      await closed
    },
  }
}

/** Open connections, upgraded ones too, which the server itself forgets. */
function trackConnections(server: Server | TlsServer): ReadonlySet<Socket> {
  const open = new Set<Socket>()
  server.on('connection', (socket: Socket) => {
    open.add(socket)
    socket.once('close', () => open.delete(socket))
  })
  return open
}

/** Requests that are not answered to their end yet. */
function trackRequests() {
  const open = new Set<ServerResponse>()
  let wake = () => {}
  return {
    add(response: ServerResponse): void {
      open.add(response)
      response.once('close', () => {
        open.delete(response)
        if (open.size === 0) wake()
      })
    },
    /** Resolves when there is none, or after `limitMs`. */
    async finished(limitMs: number): Promise<void> {
      if (open.size === 0) return
      const timer = setTimeout(() => wake(), limitMs)
      await new Promise<void>((resolve) => {
        wake = resolve
      })
      clearTimeout(timer)
    },
  }
}

function listen(server: Server | TlsServer, port: number, host: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const refuse = (error: NodeJS.ErrnoException) =>
      reject(
        error.code === 'EADDRINUSE'
          ? new StartError(`Port ${port} is taken: set PORT to another one.`)
          : error,
      )
    server.once('error', refuse)
    server.listen({ port, host }, () => {
      server.off('error', refuse)
      resolve()
    })
  })
}
