import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Server, type Socket } from 'socket.io'
import { AppError, toWireError } from '../src/core/errors.ts'
import type { Logger } from '../src/core/log.ts'
import { SECOND_MS } from '../src/core/time.ts'
import type { MediaControl, TransportClaim } from './client/control.ts'
import {
  CONTROL_PATH,
  type Hello,
  isMethod,
  METHODS,
  type MethodInput,
  type MethodName,
} from './client/wire.ts'
import { createLeases, type Leases } from './rules/leases.ts'

type Deps = {
  media: MediaControl
  host: string
  /** 0 takes a free one. */
  port: number
  /** What gateways must know. */
  secret: string
  log: Logger
}

/** Transports mostly end with their page, which no gateway is told: often enough that few of these are remembered. */
const SWEEP_MS = 60 * SECOND_MS

export type ControlServer = AsyncDisposable & { readonly port: number }

/**
 * Lets gateways on other machines use this node; for a process with the media role alone. Rejects if the port is taken.
 * Its socket.io runs on ws: no process may have one on uWebSockets.js beside it.
 */
export async function startControlServer(deps: Deps): Promise<ControlServer> {
  const { media, log } = deps
  const nodeId = randomBytes(4).toString('hex')
  const http = createServer((_request, response) => {
    response.writeHead(404).end()
  })
  const io = new Server(http, { path: CONTROL_PATH, transports: ['websocket'], serveClient: false })
  const isSecret = createSecretCheck(deps.secret)
  io.use((socket, next) => {
    next(isSecret(socket.handshake.auth.secret) ? undefined : new Error('unauthenticated'))
  })
  const leases = createLeases((transportId) => void media.closeTransport(transportId).catch(() => {}))
  io.on('connection', (socket) => {
    log.info({ gateway: socket.handshake.address }, 'A gateway uses this media node.')
    serve(socket, { media, leases, nodeId, log })
  })
  const isOpen = (lease: TransportClaim) =>
    media.claimTransport(lease).then(
      () => true,
      () => false,
    )
  const sweeper = setInterval(() => void leases.sweep(isOpen), SWEEP_MS)
  const endEvents = media.onEvent((event) => io.emit('event', event))
  await new Promise<void>((resolve, reject) => {
    http.once('error', reject)
    http.listen(deps.port, deps.host, resolve)
  })
  return {
    port: (http.address() as AddressInfo).port,
    async [Symbol.asyncDispose]() {
      endEvents()
      clearInterval(sweeper)
      leases.stop()
      io.disconnectSockets(true)
      http.closeAllConnections()
      await new Promise<void>((resolve) => http.close(() => resolve()))
    },
  }
}

type Serving = { media: MediaControl; leases: Leases; nodeId: string; log: Logger }

function serve(socket: Socket, { media, leases, nodeId, log }: Serving): void {
  const named: unknown = socket.handshake.auth.gateway
  const gateway = typeof named === 'string' ? named : socket.id
  leases.up(gateway)
  socket.on('disconnect', () => leases.down(gateway))
  socket.on('hello', async (answer: unknown) => {
    if (typeof answer !== 'function') return
    const hello: Hello = { nodeId, status: media.status(), rooms: await media.rooms() }
    answer(hello)
  })
  socket.on('call', async (method: unknown, input: unknown, answer: unknown) => {
    if (typeof answer !== 'function') return
    try {
      if (!isMethod(method)) throw new AppError('unknown_call')
      answer({ ok: true, data: (await call(underLeases(media, leases, gateway), method, input)) ?? null })
    } catch (error) {
      if (!(error instanceof AppError)) log.error({ method, error }, 'A media call failed.')
      const { code, message } = toWireError(error, socket.id)
      answer({ ok: false, error: { code, message } })
    }
  })
}

/** What a gateway may do: it closes what it answers for, and nothing that its viewers took to another. */
const underLeases = (media: MediaControl, leases: Leases, gateway: string): MediaControl => ({
  ...media,
  async openTransport(request) {
    const opened = await media.openTransport(request)
    leases.hold(gateway, opened.transportId, request.peer)
    return opened
  },
  async claimTransport(request) {
    const claimed = await media.claimTransport(request)
    leases.hold(gateway, request.transportId, request.peer)
    return claimed
  },
  async closeTransport(transportId) {
    if (leases.isForeign(gateway, transportId)) throw new AppError('not_found')
    leases.release(transportId)
    await media.closeTransport(transportId)
  },
})

function call<M extends MethodName>(media: MediaControl, method: M, input: unknown): Promise<unknown> {
  const parsed = METHODS[method].input.safeParse(input)
  if (!parsed.success) throw new AppError('invalid_input')
  const run = media[method] as (input: MethodInput<M>) => Promise<unknown>
  return run(parsed.data)
}

/** Compares in constant time; hashes first, since that needs equal lengths. */
function createSecretCheck(secret: string): (given: unknown) => boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest()
  const expected = digest(secret)
  return (given) => typeof given === 'string' && timingSafeEqual(digest(given), expected)
}
