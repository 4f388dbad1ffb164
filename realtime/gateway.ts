import type { Server as HttpServer } from 'node:http'
import { Server } from 'socket.io'
import type { Config } from '../src/config.ts'
import { calls, topics as topicSpecs } from '../src/contract/index.ts'
import type { ErrorCode } from '../src/core/errors.ts'
import type { Logger } from '../src/core/log.ts'
import type { Limits, Topics } from '../src/core/ports.ts'
import { StartError } from '../src/core/start-error.ts'
import { sleep } from '../src/core/time.ts'
import type { Viewer } from '../src/core/viewer.ts'
import type { RedisLink } from '../src/infra/redis/client.ts'
import { admitByToken, createOriginCheck } from './admission/admission.ts'
import { createRevocations } from './admission/revocations.ts'
import { type Control, createControl } from './control/control.ts'
import type { ControlEvent } from './control/sender.ts'
import { createDispatcher, type Handlers, rememberPacketSize } from './dispatch.ts'
import type { ListeningEngine } from './engines/engine.ts'
import { listenWithUws, loadUws } from './engines/uws.ts'
import { listenWithWs } from './engines/ws.ts'
import type { OnlineBook } from './presence/online.ts'
import { createSession, createSessions, type Session } from './session.ts'
import { createSubscriptions, type MembershipHook, type TopicRights } from './subscriptions.ts'
import type { DurableSource } from './topics/durable.ts'
import { createTopicHub } from './topics/hub.ts'
import { createTopicNames } from './topics/names.ts'
import { createWire } from './topics/shared/wire.ts'

/** A frame above this is not read at all and ends its connection; calls are answered `too_large` long before. */
const FRAME_MAX_BYTES = 256 * 1024
/** About a minute of a busy chat for somebody who does not read. */
const SOCKET_BUFFER_MAX_BYTES = 1024 * 1024
/** A connection that is silent for ping interval + timeout is gone: 25 s, as mobile networks drop earlier ones. */
const PING_INTERVAL_MS = 15_000
const PING_TIMEOUT_MS = 10_000
/** A connection that does not present its token meanwhile is closed. */
const CONNECT_TIMEOUT_MS = 10_000

type Observer = {
  call(name: string, outcome: 'ok' | ErrorCode, durationMs: number): void
  pushed(topicClass: string, items: number): void
  /** Items that came from other gateways. */
  received(topicClass: string, items: number): void
}

type GatewayDeps = {
  config: Config
  log: Logger
  limits: Limits
  verifyToken: (token: unknown) => Promise<Viewer>
  tokenLifeMs: number
  nowMs: () => number
  /** Port that pages of this server come from. */
  httpPort: () => number
  /** The HTTP server to share where the engine is ws; absent in a process without the http role. */
  httpServer: HttpServer | undefined
  sources: Readonly<Record<string, DurableSource>>
  online: OnlineBook
  /** What joins this gateway to others; undefined where it is alone. */
  link: RedisLink | undefined
  observe: Observer
}

/** What the features of this process bring once they are made: they need the topics, the sockets need them. */
type Wiring = {
  handlers: Omit<Handlers, 'topic:join' | 'topic:leave'>
  rights: Readonly<Record<string, TopicRights>>
  hooks: Readonly<Record<string, MembershipHook>>
  onSessionEnd: (session: Session) => void
  isConfirmed: (loginSessionId: string) => Promise<boolean>
}

/**
 * The sockets of this process. Made in two steps: `createGateway` gives the topics that features publish to, `open`
 * takes their handlers and lets sockets in.
 */
export function createGateway(deps: GatewayDeps) {
  const { config, log, observe, link, online } = deps
  const names = createTopicNames(topicSpecs)
  const sessions = createSessions()
  const revocations = createRevocations({ nowMs: deps.nowMs, tokenLifeMs: deps.tokenLifeMs })
  let isDraining = false
  const io = new Server({
    transports: ['websocket'],
    serveClient: false,
    maxHttpBufferSize: FRAME_MAX_BYTES,
    pingInterval: PING_INTERVAL_MS,
    pingTimeout: PING_TIMEOUT_MS,
    connectTimeout: CONNECT_TIMEOUT_MS,
    allowRequest: createOriginCheck(config, deps.httpPort),
  })
  const classOf = (topic: string) => names(topic)?.spec.class ?? 'unknown'
  const wire = link && createWire(link, (topic, items) => observe.received(classOf(topic), items))
  const hub = createTopicHub({
    ...{ names, sources: deps.sources, wire, log, nowMs: deps.nowMs },
    // One room and no `except`: the only form that uWebSockets.js publishes natively.
    emit: (frame) => {
      observe.pushed(classOf(frame.topic), frame.items.length)
      io.local.to(frame.topic).emit('topic:items', frame)
    },
  })
  let control: Control | undefined
  let closeHere: Topics['close'] = () => {}
  const topics: Topics = {
    ...hub.publisher,
    close(topic, code, viewers) {
      closeHere(topic, code, viewers)
      control?.send({ type: 'topic-closed', topic, code, ...(viewers && { viewers: [...viewers] }) })
    },
  }

  function followOthers(event: ControlEvent): void {
    if (event.type === 'login-ended') endLoginHere(event.loginSessionId)
    else closeHere(event.topic, event.code, event.viewers)
  }

  async function open({
    handlers,
    rights,
    hooks,
    onSessionEnd,
    isConfirmed,
  }: Wiring): Promise<ListeningEngine> {
    const subscriptions = createSubscriptions({ hub, names, rights, hooks, sessions, log })
    closeHere = subscriptions.close
    const { tokenLifeMs, nowMs } = deps
    // Nobody is judged by what this node missed: they connect again, and are let in as everybody is.
    const onLost = () => void drainAll(0)
    control = link && (await createControl({ link, log, tokenLifeMs, nowMs, onEvent: followOthers, onLost }))
    const dispatcher = createDispatcher({
      calls,
      handlers: { ...handlers, ...topicHandlers(subscriptions) },
      ...{ limits: deps.limits, log, isConfirmed },
      observe: observe.call,
    })
    admitByToken(io, {
      ...{ verify: deps.verifyToken, isRevoked: revocations.has, isDraining: () => isDraining },
      isCurrent: () => control?.isCurrent() ?? true,
    })
    io.on('connection', (socket) => {
      const session = createSession(socket, (socket.data as { viewer: Viewer }).viewer)
      // Between its admission and this moment the login session may have ended.
      if (isDraining || revocations.has(session.viewer.loginSessionId)) return void socket.disconnect(true)
      sessions.add(session)
      const accountId = session.viewer.account?.id
      if (accountId !== undefined) online.enter(accountId)
      socket.conn.on('packet', rememberPacketSize)
      dispatcher.attach(session)
      socket.on('disconnect', () => {
        sessions.remove(session)
        if (accountId !== undefined) online.leave(accountId)
        subscriptions.leaveAll(session)
        onSessionEnd(session)
      })
    })
    return listenOn(io, deps)
  }

  async function drain(overMs: number): Promise<void> {
    isDraining = true
    await drainAll(overMs)
  }

  /** Tells every socket to come back elsewhere, spread over `overMs` so that the others are not stormed, and closes it. */
  async function drainAll(overMs: number): Promise<void> {
    const all = [...sessions.all()]
    for (const [i, { socket }] of all.entries()) {
      socket.emit('session:ended', { code: 'draining', reconnect: true })
      // The engine closes after what was written has left.
      socket.disconnect(true)
      if (i % 50 === 49) await sleep((overMs * 50) / all.length)
    }
  }

  /** A login session has ended: its sockets are closed and its tokens good for nothing. They come back as visitors. */
  function endLogin(loginSessionId: string): void {
    endLoginHere(loginSessionId)
    control?.send({ type: 'login-ended', loginSessionId })
  }

  function endLoginHere(loginSessionId: string): void {
    revocations.add(loginSessionId)
    for (const { socket } of [...sessions.ofLogin(loginSessionId)]) {
      socket.emit('session:ended', { code: 'signed_out', reconnect: true })
      socket.disconnect(true)
    }
  }

  return {
    topics,
    open,
    drain,
    endLogin,
    sessions,
    latestNames: hub.latestNames,
    /** Numbers for metrics and leak checks. */
    stats: () => ({ sockets: sessions.size(), topics: hub.size() }),
    async close(): Promise<void> {
      hub.stop()
      control?.stop()
      io.disconnectSockets(true)
      // `io.close()` waits for an HTTP server that others still use; the engine is enough.
      io.engine?.close()
    },
  }
}

export type Gateway = ReturnType<typeof createGateway>

async function listenOn(io: Server, { config, log, httpServer }: GatewayDeps): Promise<ListeningEngine> {
  const uws = config.SOCKET_ENGINE === 'ws' ? undefined : await loadUws()
  if (!uws && config.SOCKET_ENGINE === 'uws')
    throw new StartError('SOCKET_ENGINE is uws, but its binary does not load here.')
  if (!uws && config.SOCKET_ENGINE === 'auto')
    log.warn({}, 'uWebSockets.js has no binary here; sockets run on ws')
  const tls =
    config.TLS_CERT_FILE && config.TLS_KEY_FILE
      ? { certFile: config.TLS_CERT_FILE, keyFile: config.TLS_KEY_FILE }
      : undefined
  const port = config.SOCKET_PORT ?? (config.PORT === 0 ? 0 : config.PORT + 1)
  const options = { host: config.HOST, port, tls, maxBufferedBytes: SOCKET_BUFFER_MAX_BYTES }
  return uws ? listenWithUws(uws, io, options) : listenWithWs(io, options, httpServer)
}

const topicHandlers = (
  subscriptions: ReturnType<typeof createSubscriptions>,
): Handlers<'topic:join' | 'topic:leave'> => ({
  'topic:join': async (session, { topics }) => ({ topics: await subscriptions.join(session, topics) }),
  'topic:leave': async (session, { topics }) => {
    for (const name of topics) subscriptions.leave(session, name)
    return {}
  },
})
