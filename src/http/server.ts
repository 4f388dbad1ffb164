import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { createServer as createTlsServer, type Server as TlsServer } from 'node:https'
import type { AddressInfo, Socket } from 'node:net'
import { getRequestListener } from '@hono/node-server'
import { StartError } from '../core/start-error.ts'
import { SECOND_MS } from '../core/time.ts'
import { type AppDeps, createApp } from './app.ts'

export type HttpServerDeps = Omit<AppDeps, 'config'> & {
  config: AppDeps['config'] & { HOST: string; PORT: number }
  /** PEM certificate and key; with them the listener speaks HTTPS. */
  tls?: { cert: Buffer; key: Buffer } | undefined
}

export type HttpServer = AsyncDisposable & {
  server: Server | TlsServer
  port: number
}

/** Longer than the idle time of common load balancers (60 s), so that these never send into a closing connection. */
const KEEP_ALIVE_MS = 65 * SECOND_MS
/** Requests under way get this long to end when the server stops; kept-alive connections end at once. */
const DRAIN_MS = 3 * SECOND_MS

/** Listens on HOST:PORT (0: any free port) and answers once it does; rejects where the address can't be had. */
export async function createHttpServer(deps: HttpServerDeps): Promise<HttpServer> {
  let port = deps.config.PORT
  const app = createApp(deps, () => port)
  const answer = getRequestListener(app.fetch)
  const listener = (request: IncomingMessage, response: ServerResponse) => void answer(request, response)
  const server = deps.tls ? createTlsServer(deps.tls, listener) : createServer(listener)
  server.keepAliveTimeout = KEEP_ALIVE_MS
  const connections = trackConnections(server)
  await listen(server, deps.config.PORT, deps.config.HOST)
  port = (server.address() as AddressInfo).port
  return { server, port, [Symbol.asyncDispose]: () => close(server, connections) }
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

async function close(server: Server | TlsServer, connections: ReadonlySet<Socket>): Promise<void> {
  if (!server.listening) return
  const closed = new Promise<void>((resolve) => void server.close(() => resolve()))
  server.closeIdleConnections()
  const deadline = setTimeout(() => {
    for (const socket of connections) socket.destroy()
  }, DRAIN_MS)
  await closed
  clearTimeout(deadline)
}
