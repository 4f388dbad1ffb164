import type { Server as HttpServer } from 'node:http'
import { Server } from 'socket.io'
import type { Config } from '../src/config.ts'
import { calls, topics as topicSpecs } from '../src/contract/index.ts'
import type { ErrorCode } from '../src/core/errors.ts'
import type { Logger, SecurityLog } from '../src/core/log.ts'
import type { Limits, Topics } from '../src/core/ports.ts'
import { StartError } from '../src/core/running/start-error.ts'
import { steadyMs } from '../src/core/time.ts'
import type { ItemsFrame } from '../src/core/topics.ts'
import type { Viewer } from '../src/core/viewer.ts'
import { createEventualLimits } from '../src/infra/access/limits/eventual-limits.ts'
import { createLimits } from '../src/infra/access/limits/limits.ts'
import type { AccountRightsReader } from '../src/infra/access/rights/account-rights.ts'
import type { RedisLink } from '../src/infra/redis/client.ts'
import { admitByToken, createDoor } from './admission/admission.ts'
import { LEAVE_MS, moveAll } from './admission/departure.ts'
import { createRevocations } from './admission/revocations.ts'
import { createSlowConsumers } from './admission/slow-consumers.ts'
import { type Control, createControl } from './control/control.ts'
import type { ControlEvent } from './control/sender.ts'
import { createDispatcher, type Handlers, rememberPacketSize } from './dispatch.ts'
import { shareBehind } from './engines/backlog.ts'
import type { ListeningEngine } from './engines/engine.ts'
import { listenWithUws, loadUws } from './engines/uws.ts'
import { listenWithWs } from './engines/ws.ts'
import { createRightsOfSockets } from './members/account-rights.ts'
import { createRejudging, type Rejudge, rejudgeWithoutRedis } from './members/rejudging.ts'
import { createSubscriptions, type MembershipHook, type TopicRights } from './members/subscriptions.ts'
import type { OnlineBook } from './presence/online.ts'
import { createSession, createSessions, type Session } from './session.ts'
import type { DurableSource } from './topics/durable.ts'
import { createTopicHub } from './topics/hub.ts'
import { createTopicNames } from './topics/names.ts'
import { createPacing } from './topics/pace/pacing.ts'
import { createWire } from './topics/shared/wire.ts'

/** A frame above this is not read at all and ends its connection; calls are answered `too_large` long before. */
const FRAME_MAX_BYTES = 256 * 1024
/** The largest replay of a chat (1 000 lines of 1.9 KB) and as much again: minutes of a busy chat for somebody who does not read. */
const SOCKET_BUFFER_MAX_BYTES = 4 * 1024 * 1024
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
  /** Items left out of what was pushed. */
  skipped(topicClass: string, items: number): void
  /** A connection was closed because it did not take what was sent. */
  tooSlow(): void
}

type GatewayDeps = {
  config: Config
  log: Logger
  security: SecurityLog
  limits: Limits
  verifyToken: (token: unknown) => Promise<Viewer>
  /** What accounts may now. */
  readRights: AccountRightsReader
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
  /** The topics that the rights on a stream or an account are about. */
  topicsOf: (subjectId: string) => readonly string[]
  /** Lets go of what is remembered of those rights. */
  forgetRights: (streamId: string) => void
  /** What else must be judged anew where those rights change. */
  rejudgeMedia: Rejudge
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
  const revocations = createRevocations({ nowMs: deps.nowMs, steadyMs, tokenLifeMs: deps.tokenLifeMs })
  const ofAccounts = createRightsOfSockets({
    ...{ read: deps.readRights, sessions, link, log },
    ...{ tokenLifeMs: deps.tokenLifeMs, nowMs: steadyMs },
  })
  const slow = createSlowConsumers(deps)
  let isDraining = false
  let engine: ListeningEngine | undefined
  const io = new Server({
    transports: ['websocket'],
    serveClient: false,
    maxHttpBufferSize: FRAME_MAX_BYTES,
    pingInterval: PING_INTERVAL_MS,
    pingTimeout: PING_TIMEOUT_MS,
    connectTimeout: CONNECT_TIMEOUT_MS,
    allowRequest: createDoor({ config, httpPort: deps.httpPort, isDraining: () => isDraining }),
  })
  const classOf = (topic: string) => names(topic)?.spec.class ?? 'unknown'
  const wire = link && createWire(link, (topic, items) => observe.received(classOf(topic), items))
  const pacing = createPacing({
    ...{ log, nowMs: steadyMs },
    behindShare: () => (engine ? shareBehind(engine.backlog()) : 0),
    onSkipped: (topic, items) => observe.skipped(classOf(topic), items),
  })
  const hub = createTopicHub({
    ...{ names, sources: deps.sources, wire, log, nowMs: steadyMs, pacing },
    emit: (frame) => {
      observe.pushed(classOf(frame.topic), frame.items.length)
      engine?.publish(frame.topic, 'topic:items', frame)
      publishApart(frame)
    },
  })
  const ownLimits = createLimits()
  const eventualLimits = link && createEventualLimits({ link, nowMs: steadyMs })
  let control: Control | undefined
  let closeHere: Topics['close'] = () => {}
  let publishApart: (frame: ItemsFrame) => void = () => {}
  let rejudgeHere: Rejudge = async () => {}
  let stopRejudging = () => {}
  const topics: Topics = {
    ...hub.publisher,
    close(topic, code, viewers) {
      closeHere(topic, code, viewers)
      control?.send({ type: 'topic-closed', topic, code, ...(viewers && { viewers: [...viewers] }) })
    },
    rejudge(streamId, viewers) {
      control?.send({ type: 'rights-changed', streamId, ...(viewers && { viewers: [...viewers] }) })
      return rejudgeHere(streamId, viewers)
    },
  }

  function followOthers(event: ControlEvent): void {
    if (event.type === 'login-ended') endLoginHere(event.loginSessionId)
    else if (event.type === 'account-changed') ofAccounts.changed(event.accountId)
    else if (event.type === 'rights-changed') void rejudgeHere(event.streamId, event.viewers)
    else closeHere(event.topic, event.code, event.viewers)
  }

  async function open(wiring: Wiring): Promise<ListeningEngine> {
    const { handlers, rights, hooks, onSessionEnd, isConfirmed } = wiring
    const subscriptions = createSubscriptions({ hub, names, rights, hooks, sessions, log, nowMs: deps.nowMs })
    closeHere = subscriptions.close
    publishApart = subscriptions.publishApart
    const rejudgeTopics: Rejudge = (streamId, viewers) =>
      subscriptions.rejudge(wiring.topicsOf(streamId), viewers)
    const parts = [rejudgeTopics, wiring.rejudgeMedia]
    const rejudge = createRejudging({ parts, log })
    rejudgeHere = (streamId, viewers) => {
      wiring.forgetRights(streamId)
      return rejudge(streamId, viewers)
    }
    stopRejudging = link ? rejudgeWithoutRedis({ link, sessions, parts, rejudge: rejudgeHere }) : () => {}
    const { tokenLifeMs } = deps
    // Nobody is judged by what this node missed: they connect again, and are let in as everybody is.
    const onLost = () => void moveAll(sessions, 0, 0)
    const events = { onEvent: followOthers, onLost }
    control = link && (await createControl({ link, log, tokenLifeMs, nowMs: steadyMs, ...events }))
    const dispatcher = createDispatcher({
      calls,
      handlers: { ...handlers, ...topicHandlers(subscriptions) },
      ...{ limits: deps.limits, ownLimits, eventualLimits: eventualLimits ?? ownLimits },
      ...{ log, security: deps.security, isConfirmed, nowMs: deps.nowMs },
      observe: observe.call,
    })
    admitByToken(io, {
      verify: async (token) => ofAccounts.apply(await deps.verifyToken(token)),
      ...{ isRevoked: revocations.has, isDraining: () => isDraining },
      isCurrent: () => control?.isCurrent() ?? true,
      wasTooSlow: slow.take,
    })
    io.on('connection', (socket) => {
      const session = createSession(socket, (socket.data as { viewer: Viewer }).viewer)
      // Between its admission and this moment the login session may have ended, and rights have changed.
      const isOut = isDraining || revocations.has(session.viewer.loginSessionId)
      if (isOut || !ofAccounts.isCurrent(session)) return void socket.disconnect(true)
      sessions.add(session)
      const accountId = session.viewer.account?.id
      if (accountId !== undefined) online.enter(accountId)
      socket.conn.on('packet', rememberPacketSize)
      dispatcher.attach(session)
      socket.on('disconnect', () => {
        if (slow.gone(socket.id, socket.conn.transport)) observe.tooSlow()
        sessions.remove(session)
        if (accountId !== undefined) online.leave(accountId)
        subscriptions.leaveAll(session)
        onSessionEnd(session)
      })
    })
    engine = await listenOn(io, deps, slow.mark)
    return engine
  }

  async function drain(overMs: number): Promise<void> {
    isDraining = true
    await moveAll(sessions, overMs, LEAVE_MS)
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
    /** What an account may has changed, and that is committed. */
    accountChanged(accountId: string): void {
      ofAccounts.changed(accountId)
      control?.send({ type: 'account-changed', accountId })
    },
    latestNames: hub.latestNames,
    /** Whether everything that other nodes told is known here. */
    isCurrent: () => control?.isCurrent() ?? link === undefined,
    /** Numbers for metrics and leak checks. */
    stats: () => ({
      ...{ sockets: sessions.size(), topics: hub.size(), level: pacing.level(), rooms: pacing.rooms() },
      waitingBytes: engine?.backlog().bytes ?? 0,
    }),
    async close(): Promise<void> {
      hub.stop()
      pacing.stop()
      eventualLimits?.stop()
      control?.stop()
      stopRejudging()
      ofAccounts.stop()
      io.disconnectSockets(true)
      // `io.close()` waits for an HTTP server that others still use; the engine is enough.
      io.engine?.close()
    },
  }
}

export type Gateway = ReturnType<typeof createGateway>

async function listenOn(
  io: Server,
  { config, log, httpServer }: GatewayDeps,
  onTooSlow: (transport: object) => void,
): Promise<ListeningEngine> {
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
  const options = { host: config.HOST, port, tls, maxBufferedBytes: SOCKET_BUFFER_MAX_BYTES, onTooSlow }
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
