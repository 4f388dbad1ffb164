import { randomUUID } from 'node:crypto'
import { io, type Socket } from 'socket.io-client'
import { AppError } from '../../src/core/errors.ts'
import type { Logger } from '../../src/core/log.ts'
import { SECOND_MS } from '../../src/core/time.ts'
import type { MediaEvent } from './control.ts'
import {
  Answer,
  CONTROL_PATH,
  Event,
  Hello,
  METHODS,
  type MethodInput,
  type MethodName,
  type MethodOutput,
} from './wire.ts'

/** The link to one media-only node. */
export type RemoteNode = {
  readonly address: string
  /** Of the process that answers now; undefined while it is out of reach. */
  readonly nodeId: string | undefined
  /** Throws what the node throws; `unavailable` while it is out of reach. */
  call<M extends MethodName>(method: M, input: MethodInput<M>): Promise<MethodOutput<M>>
  close(): void
}

type Options = {
  address: string
  secret: string
  log: Logger
  /** What the node has: when the link is up (again), and once in a while. */
  onHello(hello: Hello): void
  onDown(): void
  onEvent(event: MediaEvent): void
}

/** Above what a worker needs for anything; a node that takes longer does not answer at all. */
const ANSWER_MS = 5 * SECOND_MS
/** How often a node that is away is tried: its return is noticed within a viewer's own back-off. */
const RETRY_MS = { first: SECOND_MS / 4, longest: 3 * SECOND_MS }
/** A node that refuses the secret is asked rarely: somebody has to change a setting first. */
const REFUSED_RETRY_MS = 10 * SECOND_MS
/** How often it is compared what the node has with what is known of it; events say nearly everything before. */
const COMPARE_MS = 30 * SECOND_MS

export function connectRemoteNode(options: Options): RemoteNode {
  const { address, log } = options
  const socket = io(address, {
    path: CONTROL_PATH,
    transports: ['websocket'],
    // By this a node knows a gateway again whose link was cut.
    auth: { secret: options.secret, gateway: randomUUID() },
    reconnectionDelay: RETRY_MS.first,
    reconnectionDelayMax: RETRY_MS.longest,
    timeout: ANSWER_MS,
    forceNew: true,
  })
  const timer = createTimer()
  keepConnected(socket, timer, options)
  let nodeId: string | undefined

  const greet = async (): Promise<void> => {
    try {
      const hello = Hello.parse(await ask(socket, 'hello'))
      if (nodeId === undefined) log.info({ address, rooms: hello.rooms.length }, 'A media node is reached.')
      nodeId = hello.nodeId
      options.onHello(hello)
      timer.set(() => void greet(), COMPARE_MS)
    } catch (error) {
      if (!socket.connected) return
      log.warn({ address, error }, 'A media node does not say what it has; the link begins anew.')
      // A disconnect of our own is not followed by a reconnect.
      socket.disconnect()
      timer.set(() => socket.connect(), RETRY_MS.longest)
    }
  }
  socket.on('connect', () => void greet())
  socket.on('disconnect', (reason) => {
    if (nodeId === undefined) return
    nodeId = undefined
    log.warn({ address, reason }, 'A media node is out of reach.')
    options.onDown()
  })
  socket.on('event', (event: unknown) => {
    const parsed = Event.safeParse(event)
    if (!parsed.success) return log.error({ address, error: parsed.error }, 'A media event has another form.')
    // What comes before the introduction is contained in it.
    if (nodeId !== undefined) options.onEvent(parsed.data)
  })
  return {
    address,
    get nodeId() {
      return nodeId
    },
    call: (method, input) =>
      nodeId === undefined ? Promise.reject(outOfReach(address)) : callNode(socket, address, method, input),
    close() {
      timer.clear()
      socket.off()
      socket.disconnect()
    },
  }
}

type Timer = { set(run: () => void, delayMs: number): void; clear(): void }

/** One thing to do later; a new one takes the place of the earlier. */
function createTimer(): Timer {
  let timer: NodeJS.Timeout | undefined
  return {
    set(run, delayMs) {
      clearTimeout(timer)
      timer = setTimeout(run, delayMs)
    },
    clear: () => clearTimeout(timer),
  }
}

/** Connects again in the two cases in which socket.io leaves that to its user. */
function keepConnected(socket: Socket, timer: Timer, { address, log }: Options): void {
  socket.on('disconnect', (reason) => {
    timer.clear()
    // A node that stops says so, and may be a restarted one in a moment.
    if (reason === 'io server disconnect') timer.set(() => socket.connect(), RETRY_MS.first)
  })
  socket.on('connect_error', (error) => {
    if (socket.active) return
    log.error(
      { address, reason: error.message },
      'A media node refuses this gateway: is MEDIA_SECRET the same?',
    )
    timer.set(() => socket.connect(), REFUSED_RETRY_MS)
  })
}

async function callNode<M extends MethodName>(
  socket: Socket,
  address: string,
  method: M,
  input: MethodInput<M>,
): Promise<MethodOutput<M>> {
  const answer = await ask(socket, 'call', method, input).catch(() => {
    throw outOfReach(address)
  })
  const parsed = Answer.parse(answer)
  if (!parsed.ok) throw new AppError(parsed.error.code, parsed.error.message)
  return METHODS[method].output.parse(parsed.data)
}

const ask = (socket: Socket, name: string, ...args: unknown[]): Promise<unknown> =>
  socket.timeout(ANSWER_MS).emitWithAck(name, ...args)

const outOfReach = (address: string) =>
  new AppError('unavailable', `The media node at ${address} is out of reach.`)
