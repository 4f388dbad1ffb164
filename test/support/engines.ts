import { Server } from 'socket.io'
import { io as connect, type Socket } from 'socket.io-client'
import type { ListeningEngine } from '../../realtime/engines/engine.ts'
import { listenWithUws, loadUws } from '../../realtime/engines/uws.ts'
import { listenWithWs } from '../../realtime/engines/ws.ts'

/** socket.io on one of the engines in this process, as the gateway sets it up or as it comes. */
export type EngineUnderTest = AsyncDisposable & {
  io: Server
  port: number
  /** Absent where the engine is bare. */
  engine: ListeningEngine | undefined
  /** How many connections were closed for being too slow. */
  slow: number
  close(): Promise<void>
}

/** Small, so that a slow reader is found soon. */
export const MAX_BUFFERED_BYTES = 256 * 1024

export async function startEngine(
  name: 'uws' | 'ws',
  kind: 'repaired' | 'bare' = 'repaired',
): Promise<EngineUnderTest> {
  const io = new Server({ transports: ['websocket'], serveClient: false })
  io.on('connection', (socket) => {
    socket.on('enter', (room: string, answer: () => void) => {
      void socket.join(room)
      answer()
    })
  })
  const barePort = kind === 'bare' ? await bare(io, name) : undefined
  const found = { slow: 0 }
  const options = {
    ...{ host: '127.0.0.1', port: 0, tls: undefined, maxBufferedBytes: MAX_BUFFERED_BYTES },
    onTooSlow: () => void found.slow++,
  }
  const uws = await loadUws()
  if (!uws) throw new Error('uWebSockets.js has no binary here.')
  const repaired = () => (name === 'uws' ? listenWithUws(uws, io, options) : listenWithWs(io, options))
  const engine = barePort ? undefined : await repaired()
  const close = async () => {
    // It also takes back what attaching to uWebSockets.js changed for the whole process.
    await io.close()
    engine?.close()
  }
  return Object.assign(found, {
    ...{ io, engine, port: engine?.port ?? barePort ?? 0, close },
    [Symbol.asyncDispose]: close,
  })
}

/** As the documentation of socket.io says; answers the port. */
async function bare(io: Server, name: 'uws' | 'ws'): Promise<number> {
  if (name === 'ws') {
    const address = io.listen(0).httpServer.address()
    return typeof address === 'object' && address ? address.port : 0
  }
  const uws = await loadUws()
  if (!uws) throw new Error('uWebSockets.js has no binary here.')
  const app = uws.App()
  io.attachApp(app)
  return new Promise((resolve) => {
    app.listen('127.0.0.1', 0, (token) => resolve(token ? uws.us_socket_local_port(token) : 0))
  })
}

export async function connectTo({ port }: { port: number }): Promise<Socket> {
  const socket = connect(`http://127.0.0.1:${port}`, {
    transports: ['websocket'],
    reconnection: false,
    forceNew: true,
  })
  await new Promise<void>((resolve, reject) => {
    socket.once('connect', resolve)
    socket.once('connect_error', reject)
  })
  return socket
}

type Readable = { pause(): void; resume(): void }

/** The TCP socket under a client's; `pause` makes it a reader that stops reading. */
export function networkOf(socket: Socket): Readable {
  const transport = socket.io.engine.transport as unknown as { ws: { _socket: Readable } }
  return transport.ws._socket
}
