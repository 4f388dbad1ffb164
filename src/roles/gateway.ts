import type { Server as HttpServer } from 'node:http'
import type { MediaEvent } from '../../media/client/control.ts'
import { createGateway, type Gateway } from '../../realtime/gateway.ts'
import { chatHandlers } from '../../realtime/handlers/chat.ts'
import { mediaHandlers } from '../../realtime/handlers/media.ts'
import { streamsHandlers } from '../../realtime/handlers/streams.ts'
import { createMediaDesk, type MediaDesk } from '../../realtime/media-desk.ts'
import { createPresence, type StoppablePresence } from '../../realtime/presence/own.ts'
import { createSharedPresence } from '../../realtime/presence/shared.ts'
import type { MembershipHook } from '../../realtime/subscriptions.ts'
import type { DurableSource } from '../../realtime/topics/durable.ts'
import type { Viewer } from '../core/viewer.ts'
import { ensureChatPartitions } from '../features/chat/chat.jobs.ts'
import { streamTopic } from '../features/streams/streams.service.ts'
import { SOCKET_TOKEN_LIFE_MS } from '../infra/access/socket-tokens.ts'
import type { Platform, PlatformDatabase } from './platform.ts'
import { createServices, type Services } from './services.ts'

/** A viewer more or less is told at most this often per stream. */
const COUNT_SETTLE_MS = 1000
/** How late a broadcast whose grace is over may end. */
const OVERDUE_CHECK_MS = 2000
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
    ...{ config, limits, clock, db: database.db, presence, closeMedia, crashPoint },
    topics: gateway.topics,
    endLogin: gateway.endLogin,
  })
  sources['chat:{streamId}'] = services.chat.source
  metrics.gauge('gateway_sockets', 'Sockets of this node.', () => gateway.stats().sockets)
  metrics.gauge('gateway_topics', 'Topics kept by this node, by class.', () => gateway.stats().topics)

  async function open() {
    await ensureChatPartitions(database.db)
    const engine = await gateway.open({
      handlers: {
        ...chatHandlers(services.chat),
        ...streamsHandlers(services.streams),
        ...mediaHandlers({ media, desk, streams: services.streams, iceServers: config.MEDIA_ICE_SERVERS }),
      },
      rights: streamRights(services),
      hooks: { 'stream:{streamId}': viewerHook(presence, services) },
      onSessionEnd: desk.sessionEnded,
    })
    disposal.defer(followMedia({ platform, services, gateway, desk }))
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

function streamRights({ streams }: Services) {
  const canSee = (_viewer: Viewer, streamIds: readonly string[]) => streams.visibility.visible(streamIds)
  return { 'stream:{streamId}': canSee, 'chat:{streamId}': canSee, 'counters:stream:{streamId}': canSee }
}

/** Being in the topic of a stream is watching it; its owner does not count. */
function viewerHook(presence: StoppablePresence, { streams }: Services): MembershipHook {
  return {
    joined({ id, viewer }, streamId) {
      const isOwner =
        viewer.account?.id !== undefined && viewer.account.id === streams.visibility.knownOwner(streamId)
      if (!isOwner) presence.enter(streamTopic(streamId), viewer.id, id)
    },
    left: ({ id }, streamId) => presence.leave(streamTopic(streamId), id),
  }
}

type Following = { platform: Platform; services: Services; gateway: Gateway; desk: MediaDesk }

/** Turns what the SFU sees into states and pushes; answers the function that ends it. */
function followMedia({ platform, services, gateway, desk }: Following): () => void {
  const { media, log } = platform
  const { streams } = services
  // Per stream in order: a flow that stops and comes back must not be written the other way round.
  const queues = new Map<string, Promise<unknown>>()
  const inOrder = (streamId: string, work: () => Promise<void>) => {
    const next = (queues.get(streamId) ?? Promise.resolve()).then(work).catch(complain(log))
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
  const flowing = media
    .rooms()
    .then((rooms) => rooms.filter(({ isFlowing }) => isFlowing).map(({ room }) => room))
  report(
    log,
    flowing.catch(() => []).then((rooms) => streams.reconcile(new Set(rooms))),
  )
  const timer = setInterval(() => report(log, streams.endOverdue()), OVERDUE_CHECK_MS)
  return () => {
    unfollow()
    clearInterval(timer)
  }
}

const complain = (log: Platform['log']) => (error: unknown) =>
  log.error({ error }, 'The state of a stream could not be brought up to date')

const report = (log: Platform['log'], work: Promise<unknown>) => void work.catch(complain(log))
