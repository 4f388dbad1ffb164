import { io, type Socket } from 'socket.io-client'
import type { Ack, WireError } from '../../src/core/errors.ts'
import type { TestApp } from './app.ts'
import type { Person } from './person.ts'

/** A plain socket.io-client socket, without the product's client package: what a stranger would use. */
export type RawSocket = {
  socket: Socket
  /** Sends whatever is given, and answers the ack. */
  ask(call: string, ...args: unknown[]): Promise<Ack<unknown>>
  close(): void
}

/** Longer than anything healthy takes; an answer that never comes fails the test with this message. */
const ANSWER_MS = 15_000

export const socketUrl = (app: TestApp) => `http://127.0.0.1:${app.socketPort ?? app.httpPort}`

export async function tokenOf(person: Person): Promise<string> {
  return (await person.api.request('post /api/socket-token')).token
}

/** For a person, or for whoever has a token of another kind. */
export async function rawSocket(
  app: TestApp,
  who: Person | { token: () => Promise<string> },
): Promise<RawSocket> {
  const token = 'token' in who ? await who.token() : await tokenOf(who)
  const socket = open(app, { auth: { token } })
  await new Promise<void>((resolve, reject) => {
    socket.once('connect', resolve)
    socket.once('connect_error', reject)
  })
  return {
    socket,
    ask: (call, ...args) => socket.timeout(ANSWER_MS).emitWithAck(call, ...args) as Promise<Ack<unknown>>,
    close: () => void socket.close(),
  }
}

/** How a handshake was refused: the error's code where one was told, else the transport's own message. */
export function refusal(
  app: TestApp,
  options: { auth?: object; headers?: Record<string, string> },
): Promise<string> {
  const socket = open(app, options)
  return new Promise((resolve) => {
    socket.once('connect', () => {
      socket.close()
      resolve('admitted')
    })
    socket.once('connect_error', (error: Error & { data?: WireError }) => {
      socket.close()
      resolve(error.data?.code ?? error.message)
    })
  })
}

function open(
  app: TestApp,
  { auth = {}, headers = {} }: { auth?: object; headers?: Record<string, string> },
): Socket {
  return io(socketUrl(app), {
    auth,
    extraHeaders: headers,
    transports: ['websocket'],
    reconnection: false,
    forceNew: true,
  })
}
