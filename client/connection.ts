import type { Socket } from 'socket.io-client'
import type { AnyTopicName, CallInput, CallName, CallOutput } from '../src/contract/index.ts'
import type { Ack, WireError } from '../src/core/errors.ts'
import type { ItemsFrame } from '../src/core/topics.ts'
import { createLink, type LinkOptions } from './link.ts'
import { createSubscriber } from './subscriber.ts'
import { CallError, type Connection, type ConnectionState, type TopicListener } from './types.ts'

const CALL_TIMEOUT_MS = 10_000

/** Opens the socket of a viewer and keeps it open. The same in browsers and in Node (there with `origin`). */
export function createConnection(options: LinkOptions): Connection {
  let state: ConnectionState = 'connecting'
  let reason: string | undefined
  const stateListeners = new Set<(state: ConnectionState) => void>()
  const waiting = new Set<() => void>()
  /** Calls that the current socket has not answered yet. */
  let asking = 0
  let isLeaving = false

  function setState(next: ConnectionState): void {
    if (state === next || state === 'closed') return
    state = next
    for (const wake of [...waiting]) wake()
    for (const tell of stateListeners) tell(next)
  }

  const link = createLink(options, {
    onUp(socket) {
      socket.on('topic:items', (frame: ItemsFrame) => subscriber.frame(frame))
      socket.on('topic:closed', ({ topic, code }: { topic: string; code: string }) =>
        subscriber.closed(topic, code),
      )
      isLeaving = false
      setState('online')
      subscriber.resume()
    },
    onLeaving() {
      isLeaving = true
      leaveWhenAnswered()
    },
    onDown() {
      subscriber.pause()
      setState('offline')
    },
    onReason(code) {
      reason = code
    },
    onEnded: () => setState('closed'),
  })
  const subscriber = createSubscriber({
    join: async (topics) => (await send('topic:join', { topics }, Date.now() + CALL_TIMEOUT_MS)).topics,
    leave: (topics) => void send('topic:leave', { topics }, Date.now() + CALL_TIMEOUT_MS).catch(() => {}),
    isOnline: () => state === 'online',
  })

  function leaveWhenAnswered(): void {
    if (isLeaving && asking === 0) link.leave()
  }

  /** Waits for a socket until the deadline. */
  async function socketBy(deadlineMs: number): Promise<Socket> {
    for (;;) {
      const socket = link.current()
      if (socket) return socket
      const leftMs = deadlineMs - Date.now()
      if (leftMs <= 0 || state === 'closed') throw offline()
      await new Promise<void>((resolve) => {
        const done = () => {
          clearTimeout(timer)
          waiting.delete(done)
          resolve()
        }
        const timer = setTimeout(done, leftMs)
        waiting.add(done)
      })
    }
  }

  async function send<K extends CallName>(
    name: K,
    input: CallInput<K>,
    deadlineMs: number,
  ): Promise<CallOutput<K>> {
    for (;;) {
      const socket = await socketBy(deadlineMs)
      asking++
      const answer = await ask<K>(socket, name, input, deadlineMs - Date.now()).finally(() => {
        asking--
        leaveWhenAnswered()
      })
      if (answer) return unwrap(answer)
      // The connection went before the answer came. Only what is made to be repeated is sent again.
      if (!isRepeatable(input)) throw offline()
    }
  }

  return {
    call: (name, input, { timeoutMs = CALL_TIMEOUT_MS } = {}) => send(name, input, Date.now() + timeoutMs),
    subscribe: <N extends AnyTopicName>(topic: N, listener: TopicListener<never>) =>
      subscriber.add(topic, listener as TopicListener<unknown>),
    get state() {
      return state
    },
    get reason() {
      return reason
    },
    onState(listener) {
      stateListeners.add(listener)
      return () => void stateListeners.delete(listener)
    },
    renew: () => link.renew(),
    close() {
      link.close()
      subscriber.pause()
      setState('closed')
    },
  }
}

/** One attempt: the ack, undefined where the connection went meanwhile; throws `timeout`. */
async function ask<K extends CallName>(socket: Socket, name: K, input: CallInput<K>, leftMs: number) {
  try {
    return (await socket.timeout(Math.max(1, leftMs)).emitWithAck(name, input)) as Ack<CallOutput<K>>
  } catch {
    if (socket.connected)
      throw new CallError({ code: 'timeout', message: 'The server did not answer in time.', retry: true })
    return undefined
  }
}

function unwrap<T>(ack: Ack<T>): T {
  if (ack.ok) return ack.data
  throw new CallError(ack.error satisfies WireError)
}

const isRepeatable = (input: unknown) => typeof input === 'object' && input !== null && 'clientId' in input

const offline = () =>
  new CallError({ code: 'offline', message: 'There is no connection to the server.', retry: true })
