import type { Server as HttpServer } from 'node:http'
import { createGateway } from '../../realtime/gateway.ts'
import { banHandlers } from '../../realtime/handlers/bans.ts'
import { chatHandlers } from '../../realtime/handlers/chat.ts'
import { mediaHandlers } from '../../realtime/handlers/media.ts'
import { notificationHandlers } from '../../realtime/handlers/notifications.ts'
import { safetyHandlers } from '../../realtime/handlers/safety.ts'
import { socialHandlers } from '../../realtime/handlers/social.ts'
import { streamsHandlers } from '../../realtime/handlers/streams.ts'
import { viewHandlers } from '../../realtime/handlers/views.ts'
import { createMediaDesk } from '../../realtime/members/media-desk.ts'
import { createOnline } from '../../realtime/presence/online.ts'
import { createPresence } from '../../realtime/presence/own.ts'
import { createSharedPresence } from '../../realtime/presence/shared.ts'
import { createSharedOnline } from '../../realtime/presence/shared-online.ts'
import type { DurableSource } from '../../realtime/topics/durable.ts'
import { drainTimes } from '../config.ts'
import { steadyMs } from '../core/time.ts'
import { ensureChatPartitions } from '../features/chat/chat.jobs.ts'
import { ensureNotificationPartitions } from '../features/notifications/notifications.jobs.ts'
import { ensureViewPartitions } from '../features/views/views.jobs.ts'
import { readAccountRights } from '../infra/access/rights/account-rights.ts'
import { SOCKET_TOKEN_LIFE_MS } from '../infra/access/tokens/socket-tokens.ts'
import { followMedia, report } from './follow-media.ts'
import type { Platform, PlatformDatabase } from './platform.ts'
import { createServices } from './services.ts'
import { topicHooks, topicRights, topicSources, topicsOf } from './topics.ts'

/** A viewer more or less is told at most this often per stream. */
const COUNT_SETTLE_MS = 1000
/** How late somebody sees that a job in another process notified them; as often as heads of topics are compared. */
const STATES_CHECK_MS = 2000
const STATE_PREFIX = 'notification-state:'
const DATA_PREFIX = 'account-data:'
const MANAGER_PREFIX = 'video-manager:'
const PREMIERE_PREFIX = 'premiere:'

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
  const { config, log, security, limits, clock, key, cdn, media, metrics, tokens, link, life, disposal } =
    platform
  const sources: Record<string, DurableSource> = {}
  const online = link ? createSharedOnline(link) : createOnline({ nowMs: steadyMs })
  const gateway = createGateway({
    ...{ config, log, security, limits, sources, httpPort, link, online },
    verifyToken: tokens.verify,
    readRights: (ids) => readAccountRights(database.db.orm, ids),
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
    ...{ config, log, security, metrics, limits, clock, key, cdn, presence, closeMedia, crashPoint },
    ...{ db: database.db, storage: database.storage, incoming: database.incoming },
    topics: gateway.topics,
    online,
    hearsOfRights: gateway.isCurrent,
    endLogin: gateway.endLogin,
    accountChanged: gateway.accountChanged,
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

  const refreshStates = () => {
    for (const name of gateway.latestNames(STATE_PREFIX))
      services.notifications.showState(name.slice(STATE_PREFIX.length))
    for (const name of gateway.latestNames(DATA_PREFIX)) services.exports.show(name.slice(DATA_PREFIX.length))
    for (const name of gateway.latestNames(MANAGER_PREFIX))
      services.videos.show(name.slice(MANAGER_PREFIX.length))
    for (const name of gateway.latestNames(PREMIERE_PREFIX))
      services.videos.showPremiere(name.slice(PREMIERE_PREFIX.length))
  }

  async function open() {
    if (link && platform.mediaNode)
      log.warn(
        {},
        'REDIS_URL is set and live video runs in this process: sockets of other gateways can not see it.',
      )
    await ensureChatPartitions(database.db)
    await ensureNotificationPartitions(database.db)
    await ensureViewPartitions(database.db)
    const engine = await gateway.open({
      handlers: {
        ...banHandlers(services.bans),
        ...chatHandlers(services.chat),
        ...streamsHandlers(services.streams),
        ...socialHandlers(services.social),
        ...notificationHandlers(services.notifications),
        ...safetyHandlers(services.safety),
        ...viewHandlers(services.views),
        ...mediaHandlers({ media, desk, streams: services.streams, iceServers: config.MEDIA_ICE_SERVERS }),
      },
      rights: topicRights(services, online),
      hooks: topicHooks(presence, services),
      topicsOf,
      forgetRights: services.streams.doors.forget,
      rejudgeMedia: (streamId, viewers) => desk.rejudge(streamId, viewers, services.streams.visibility.judge),
      onSessionEnd: desk.sessionEnded,
      isConfirmed: services.sessions.isConfirmed,
    })
    disposal.defer(await followMedia({ platform, database, services, gateway, desk }))
    // Without Redis, what jobs in another process wrote is seen by looking.
    const states = link ? undefined : setInterval(refreshStates, STATES_CHECK_MS)
    disposal.defer(() => clearInterval(states))
    life.onEnding(() => gateway.drain(drainTimes(config).spreadMs))
    disposal.defer(async () => {
      await gateway.close()
      engine.close()
      desk.stop()
      presence.stop()
      online.stop()
    })
    return engine
  }

  return { gateway, services, open }
}

const streamIdOf = (subject: string) => subject.slice(subject.indexOf(':') + 1)
