import { readFile } from 'node:fs/promises'
import { createServer as createHttpServer, type Server as HttpServer } from 'node:http'
import { createServer as createHttpsServer } from 'node:https'
import type { Server } from 'socket.io'
import type { EngineOptions, ListeningEngine } from './engine.ts'

/**
 * Attaches socket.io to the HTTP server of this process, or, where this process has none, to one of its own. Slower
 * than uWebSockets.js and there on every platform.
 */
export async function listenWithWs(
  io: Server,
  options: EngineOptions,
  shared?: HttpServer,
): Promise<ListeningEngine> {
  if (shared) {
    io.attach(shared)
    return { name: 'ws', port: undefined, close: () => {} }
  }
  const { tls } = options
  const own = tls
    ? createHttpsServer({ cert: await readFile(tls.certFile), key: await readFile(tls.keyFile) })
    : createHttpServer()
  io.attach(own)
  await new Promise<void>((resolve, reject) => {
    own.once('error', reject)
    own.listen(options.port, options.host, resolve)
  })
  const address = own.address()
  return {
    name: 'ws',
    port: typeof address === 'object' && address ? address.port : options.port,
    close: () => {
      own.close()
      own.closeAllConnections()
    },
  }
}
