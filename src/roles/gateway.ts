import type { Server as HttpServer } from 'node:http'
import type { MediaEvent } from '../../media/client/control.ts'
import { createGateway, type Gateway } from '../../realtime/gateway.ts'
import { chatHandlers } from '../../realtime/handlers/chat.ts'
import { mediaHandlers } from '../../realtime/handlers/media.ts'
import { notificationHandlers } from '../../realtime/handlers/notifications.ts'
import { socialHandlers } from '../../realtime/handlers/social.ts'
import { streamsHandlers } from '../../realtime/handlers/streams.ts'
import { createMediaDesk, type MediaDesk } from '../../realtime/media-desk.ts'
import { createPresence } from '../../realtime/presence/own.ts'
import { createSharedPresence } from '../../realtime/presence/shared.ts'
import type { DurableSource } from '../../realtime/topics/durable.ts'
import { ensureChatPartitions } from '../features/chat/chat.jobs.ts'
import { ensureNotificationPartitions } from '../features/notifications/notifications.jobs.ts'
import { streamTopic } from '../features/streams/streams.service.ts'
import { SOCKET_TOKEN_LIFE_MS } from '../infra/access/socket-tokens.ts'
import type { Platform, PlatformDatabase } from './platform.ts'
import { createServices, type Services } from './services.ts'
import { topicHooks, topicRights, topicSources } from './topics.ts'

/** A viewer more or less is told at most this often per stream. */
const COUNT_SETTLE_MS = 1000
/** How late a broadcast whose grace is over may end. */
const OVERDUE_CHECK_MS = 2000
/** How late somebody sees that a job in another process notified them; as often as heads of topics are compared. */
const STATES_CHECK_MS = 2000
/** Over how long the sockets of a stopping node are sent away. */
const DRAIN_SPREAD_MS = 1000

type Deps = {
  platform: Platform
  database: PlatformDatabase
  httpPort: () => number
  httpServer: () => HttpServer | undefined
  crashPoint: (name: string) => void
}

/**
 * The gateway role: sockets, topics, presence, and the moves of broadcasts that follow from what the SFU sees. Answers
 * the services that the other roles of this process share; `open` lets sockets in.
 */
export function prepareGateway({ platform, database, httpPort, httpServer, crashPoint }: Deps) {
  const { config, log, limits, clock, media, metrics, tokens, link, disposal } = platform
  const sources: Record<string, DurableSource> = {}
  const gateway = createGateway({
    ...{ config, log, limits, sources, httpPort, link },
    verifyToken: tokens.verify,
    tokenLifeMs: SOCKET_TOKEN_LIFE_MS,
    nowMs: clock.nowMs,
    get httpServer() {
      return httpServer()
    },
    observe: metrics,
  })
  const desk = createMediaDesk({ media, log })
  const counting = {
    settleMs: COUNT_SETTLE_MS,
    onCount: (subject: string) => report(log, services.streams.viewersChanged(streamIdOf(subject))),
  }
  const presence = link ? createSharedPresence({ ...counting, link }) : createPresence(counting)
  const closeMedia = (streamId: string) => {
    desk.streamGone(streamId)
    report(log, media.closeRoom(streamId))
  }
  const services = createServices({
    ...{ config, log, metrics, limits, clock, db: database.db, presence, closeMedia, crashPoint },
    topics: gateway.topics,
    endLogin: gateway.endLogin,
  })
  Object.assign(sources, topicSources(services))
  metrics.gauge('gateway_sockets', 'Sockets of this node.', () => gateway.stats().sockets)
  metrics.gauge('gateway_topics', 'Topics kept by this node, by class.', () => gateway.stats().topics)
  metrics.gauge('gateway_overload_level', 'Load of this node, 0 to 3.', () => gateway.stats().level)
  metrics.gauge(
    'gateway_overloaded_rooms',
    'Rooms on a rung of the overload ladder.',
    () => gateway.stats().rooms,
  )
  metrics.gauge(
    'gateway_waiting_bytes',
    'Sent and not taken, by all sockets.',
    () => gateway.stats().waitingBytes,
  )

  async function open() {
    await ensureChatPartitions(database.db)
    await ensureNotificationPartitions(database.db)
    const engine = await gateway.open({
      handlers: {
        ...chatHandlers(services.chat),
        ...streamsHandlers(services.streams),
        ...socialHandlers(services.social),
        ...notificationHandlers(services.notifications),
        ...mediaHandlers({ media, desk, streams: services.streams, iceServers: config.MEDIA_ICE_SERVERS }),
      },
      rights: topicRights(services),
      hooks: topicHooks(presence, services),
      onSessionEnd: desk.sessionEnded,
    })
    disposal.defer(followMedia({ platform, services, gateway, desk }))
    const states = setInterval(services.notifications.refreshStates, STATES_CHECK_MS)
    disposal.defer(() => clearInterval(states))
    disposal.defer(async () => {
      await gateway.drain(DRAIN_SPREAD_MS)
      await gateway.close()
      engine.close()
      desk.stop()
      presence.stop()
    })
    return engine
  }

  return { gateway, services, open }
}

const streamIdOf = (subject: string) => subject.slice(subject.indexOf(':') + 1)

type Following = { platform: Platform; services: Services; gateway: Gateway; desk: MediaDesk }

/** Turns what the SFU sees into states and pushes; answers the function that ends it. */
function followMedia({ platform, services, gateway, desk }: Following): () => void {
  const { media, log } = platform
  const { streams } = services
  // Per stream in order: a flow that stops and comes back must not be written the other way round.
  const queues = new Map<string, Promise<unknown>>()
  // From the start until it was done, and again after a move that the database did not take.
  let isUpToDate = false
  const failed = (streamId: string) => (error: unknown) => {
    isUpToDate = false
    complain(log.child({ streamId }))(error)
  }
  const inOrder = (streamId: string, work: () => Promise<void>) => {
    const next = (queues.get(streamId) ?? Promise.resolve()).then(work).catch(failed(streamId))
    queues.set(streamId, next)
    void next.then(() => queues.get(streamId) === next && queues.delete(streamId))
  }
  const follow = (event: MediaEvent) => {
    if (event.type === 'status') return gateway.topics.set('media:status', event.status)
    const { room } = event
    if (event.type === 'flow') return inOrder(room, () => streams.mediaFlow(room, event.isFlowing))
    const kinds = event.type === 'media' ? event.kinds : []
    gateway.topics.append(streamTopic(room), [{ type: 'media', generation: event.generation, kinds }])
    if (event.type === 'media') return
    desk.streamGone(room)
    inOrder(room, () => streams.mediaFlow(room, false))
  }
  const unfollow = media.onEvent(follow)
  gateway.topics.set('media:status', media.status())
  const isFlowing = async (streamId: string) =>
    (await media.rooms()).some((known) => known.room === streamId && known.isFlowing)

  /** What the database calls live and the SFU does not know is interrupted, and the other way round. */
  async function bringUpToDate(): Promise<void> {
    isUpToDate = true
    for (const streamId of await streams.onAirStreams())
      inOrder(streamId, async () => streams.mediaFlow(streamId, await isFlowing(streamId)))
  }
  const look = () => {
    const setBack = (error: unknown) => {
      isUpToDate = false
      throw error
    }
    // Nobody's time is over as long as it is not sure who sends.
    report(log, isUpToDate ? streams.endOverdue() : bringUpToDate().catch(setBack))
  }
  look()
  const timer = setInterval(look, OVERDUE_CHECK_MS)
  return () => {
    unfollow()
    clearInterval(timer)
  }
}

const complain = (log: Platform['log']) => (error: unknown) =>
  log.error({ error }, 'The state of a stream could not be brought up to date')

const report = (log: Platform['log'], work: Promise<unknown>) => void work.catch(complain(log))
