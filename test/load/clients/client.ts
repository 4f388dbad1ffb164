import { createSubscriber } from '../../../client/subscriber.ts'
import type { TopicListener } from '../../../client/types.ts'
import type { Ack } from '../../../src/core/errors.ts'
import { sleep } from '../../../src/core/time.ts'
import { openWebSocket, type WebSocketClient } from './web-socket.ts'

/**
 * A client of the product with the client package's own keeping of topics and positions, over a cheaper socket; it comes
 * back after the same pauses (client/link.ts).
 */
export type LoadClient = {
  readonly isOnline: boolean
  /** When it was last let in (ms of this process's steady clock), for whoever measures a return. */
  readonly onlineSinceMs: number
  follow(topic: string, listener: TopicListener<never>): () => void
  /** One attempt: the answer, or undefined where there is no connection or it went meanwhile. */
  ask(call: string, input: unknown): Promise<Ack<unknown> | undefined>
  /** Loses the connection without a word; the client stays away for so long. */
  cut(awayMs: number): void
  close(): void
}

type Options = {
  /** Socket ports of the gateways; a try that fails goes on to the next, as behind a balancer. */
  ports: readonly number[]
  /** Which of them is the first. */
  from: number
  /** 127.0.0.1 to 127.0.0.8, each of which has 28 000 ports. */
  address: string
  token: () => string | Promise<string>
  /** From the moment a socket is open to the answer that holds what was missed. */
  onReplayed?: (tookMs: number) => void
}

const PATH = '/socket.io/?EIO=4&transport=websocket'
const RETRY_FIRST_MS = 300
const RETRY_MAX_MS = 8000
const MOVE_JITTER_MS = 300
const MOVE_STEP_MS = 20
/** As long as the client package waits for a handshake. */
const HANDSHAKE_LIMIT_MS = 8000

type Waiting = { resolve: (ack: Ack<unknown> | undefined) => void }

export function createLoadClient({ ports, from, address, token, onReplayed }: Options): LoadClient {
  let socket: WebSocketClient | undefined
  let isOnline = false
  let wasOnline = false
  let isReturning = false
  let onlineSinceMs = Number.NEGATIVE_INFINITY
  let openedAtMs = 0
  let failures = 0
  let tries = from
  let life = 0
  let nextAck = 0
  let timer: NodeJS.Timeout | undefined
  const waiting = new Map<number, Waiting>()

  const subscriber = createSubscriber({
    isOnline: () => isOnline,
    leave: (topics) => void ask('topic:leave', { topics }),
    async join(topics) {
      const ack = await ask('topic:join', { topics })
      if (!ack?.ok) throw new Error('No answer to a join.')
      // What a join brings later fills holes of pushes.
      if (isReturning) onReplayed?.(performance.now() - openedAtMs)
      isReturning = false
      return (ack.data as { topics: Awaited<ReturnType<Parameters<typeof createSubscriber>[0]['join']>> })
        .topics
    },
  })

  async function open(): Promise<void> {
    const mine = ++life
    const secret = await token()
    if (mine !== life) return
    clearTimeout(timer)
    timer = setTimeout(() => socket?.cut(), HANDSHAKE_LIMIT_MS)
    const at = { port: ports[tries % ports.length] ?? 0, path: PATH, from: address }
    const next = openWebSocket(at, {
      onOpen() {},
      onText: (text) => mine === life && take(text, secret),
      onClose: () => mine === life && lost(),
    })
    socket = next
  }

  /** Packets of engine.io and socket.io, told apart by their first characters. */
  function take(text: string, secret: string): void {
    if (text.startsWith('0{')) {
      openedAtMs = performance.now()
      socket?.send(`40${JSON.stringify({ token: secret })}`)
    } else if (text === '2') socket?.send('3')
    else if (text.startsWith('40{')) admitted()
    else if (text.startsWith('44') || text === '41') socket?.cut()
    else if (text.startsWith('43')) answered(text)
    else if (text.startsWith('42')) pushed(JSON.parse(text.slice(2)) as [string, never])
  }

  function admitted(): void {
    clearTimeout(timer)
    failures = 0
    isOnline = true
    isReturning = wasOnline
    wasOnline = true
    onlineSinceMs = performance.now()
    subscriber.resume()
  }

  function answered(text: string): void {
    const cut = text.indexOf('[')
    const id = Number(text.slice(2, cut))
    waiting.get(id)?.resolve((JSON.parse(text.slice(cut)) as [Ack<unknown>])[0])
    waiting.delete(id)
  }

  function pushed([event, data]: [string, never]): void {
    if (event === 'topic:items') subscriber.frame(data)
    else if (event === 'session:ended') void move()
    else if (event === 'topic:closed') {
      const { topic, code } = data as { topic: string; code: string }
      subscriber.closed(topic, code)
    }
  }

  /** Sent away: what was asked is answered first. */
  async function move(): Promise<void> {
    const mine = life
    isOnline = false
    while (waiting.size > 0 && mine === life) await sleep(MOVE_STEP_MS)
    if (mine !== life) return
    end()
    tries++
    timer = setTimeout(() => void open(), MOVE_JITTER_MS * Math.random())
  }

  function down(): void {
    isOnline = false
    clearTimeout(timer)
    subscriber.pause()
    for (const { resolve } of waiting.values()) resolve(undefined)
    waiting.clear()
  }

  function lost(): void {
    down()
    tries++
    const pauseMs = Math.min(RETRY_MAX_MS, RETRY_FIRST_MS * 2 ** Math.min(failures++, 10))
    timer = setTimeout(() => void open(), pauseMs * (0.5 + Math.random()))
  }

  function ask(call: string, input: unknown): Promise<Ack<unknown> | undefined> {
    if (!isOnline || !socket) return Promise.resolve(undefined)
    const id = nextAck++
    socket.send(`42${id}${JSON.stringify([call, input])}`)
    return new Promise((resolve) => waiting.set(id, { resolve }))
  }

  function end(): void {
    life++
    down()
    socket?.cut()
    socket = undefined
  }
  void open()

  return {
    get isOnline() {
      return isOnline
    },
    get onlineSinceMs() {
      return onlineSinceMs
    },
    follow: (topic, listener) => subscriber.add(topic, listener as TopicListener<unknown>),
    ask,
    cut(awayMs) {
      end()
      timer = setTimeout(() => void open(), awayMs)
    },
    close: end,
  }
}
