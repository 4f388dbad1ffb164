import { readFile } from 'node:fs/promises'
import { createServer as createHttpServer, type Server as HttpServer } from 'node:http'
import { createServer as createHttpsServer } from 'node:https'
import type { Server } from 'socket.io'
import { type EngineConnection, watchBacklog } from './backlog.ts'
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
  const own = shared ? undefined : await createOwn(options)
  io.attach(shared ?? (own as HttpServer))
  const backlog = boundBacklog(io, options)
  if (own) await listen(own, options)
  const address = own?.address()
  return {
    name: 'ws',
    port: typeof address === 'object' && address ? address.port : undefined,
    // socket.io encodes once for a room, and builds the frame once.
    publish: (room, event, payload) => void io.local.to(room).emit(event, payload),
    backlog: backlog.last,
    close: () => {
      backlog.stop()
      own?.close()
      own?.closeAllConnections()
    },
  }
}

const createOwn = async ({ tls }: EngineOptions): Promise<HttpServer> =>
  tls
    ? createHttpsServer({ cert: await readFile(tls.certFile), key: await readFile(tls.keyFile) })
    : createHttpServer()

const listen = (server: HttpServer, { port, host }: EngineOptions) =>
  new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, resolve)
  })

type WsSocket = { bufferedAmount: number; terminate(): void }
type Packet = { data?: unknown; options?: { wsPreEncodedFrame?: readonly Uint8Array[] } }
/** engine.io's connection: packets wait in `writeBuffer` until its transport has taken those before them. */
type Connection = EngineConnection & {
  writeBuffer: readonly Packet[]
  on(event: 'packetCreate', listener: (this: Connection, packet: Packet) => void): void
}

/**
 * engine.io keeps whatever a client does not read. What waits is counted where something waits already, so that those who
 * read cost nothing, and who leaves too much is ended at once: within a burst it could be all of the memory.
 */
function boundBacklog(io: Server, { maxBufferedBytes, onTooSlow }: EngineOptions) {
  const waiting = new WeakMap<object, number>()
  const bytesOf = (connection: Connection) =>
    (connection.writeBuffer.length > 0 ? (waiting.get(connection) ?? 0) : 0) +
    socketOf(connection).bufferedAmount

  function end(connection: EngineConnection): void {
    onTooSlow(connection.transport)
    socketOf(connection).terminate()
  }
  function count(this: Connection, packet: Packet): void {
    const isFirst = this.writeBuffer.length === 0
    waiting.set(this, (isFirst ? 0 : (waiting.get(this) ?? 0)) + sizeOf(packet))
    if (!isFirst && bytesOf(this) > maxBufferedBytes) end(this)
  }
  io.engine.on('connection', (connection: Connection) => connection.on('packetCreate', count))
  return watchBacklog({ io, maxBytes: maxBufferedBytes, bytesOf: (each) => bytesOf(each as Connection), end })
}

const socketOf = ({ transport }: EngineConnection) => transport.socket as WsSocket

const sizeOf = ({ data, options }: Packet): number =>
  options?.wsPreEncodedFrame?.reduce((sum, part) => sum + part.length, 0) ??
  (typeof data === 'string' ? Buffer.byteLength(data) : 0)
