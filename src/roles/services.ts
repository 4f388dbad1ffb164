import type { Online, Presence, Topics } from '../core/ports.ts'
import { SECOND_MS } from '../core/time.ts'
import { createPasswords } from '../features/accounts/accounts.passwords.ts'
import { createAccounts } from '../features/accounts/accounts.service.ts'
import { createChatRepo } from '../features/chat/chat.repo.ts'
import { createChatService } from '../features/chat/chat.service.ts'
import { createFeedRepo } from '../features/feed/feed.repo.ts'
import { createFeedService } from '../features/feed/feed.service.ts'
import { createInbox } from '../features/inbox/inbox.service.ts'
import { createNotificationsRepo } from '../features/notifications/notifications.repo.ts'
import { createNotificationsService } from '../features/notifications/notifications.service.ts'
import { createPreferencesService } from '../features/preferences/preferences.service.ts'
import { createProfilesService } from '../features/profiles/profiles.service.ts'
import { createFollowsRepo } from '../features/social/follows.repo.ts'
import { createLikesRepo } from '../features/social/likes.repo.ts'
import { createSocialService } from '../features/social/social.service.ts'
import { createStreamsRepo } from '../features/streams/streams.repo.ts'
import { createStreamsService } from '../features/streams/streams.service.ts'
import { createLoginSessions } from '../infra/access/login-sessions.ts'
import { isSecureSite } from '../infra/access/origin.ts'
import { createPictures } from '../infra/files/pictures.ts'
import type { Platform, PlatformDatabase } from './platform.ts'

type Deps = Pick<Platform, 'config' | 'log' | 'metrics' | 'limits' | 'clock'> & {
  db: PlatformDatabase['db']
  storage: PlatformDatabase['storage']
  topics: Topics
  online: Online
  presence: Pick<Presence, 'count' | 'refresh'>
  closeMedia: (streamId: string) => void
  /** Ends the sockets of a login session. */
  endLogin: (publicId: string) => void
  crashPoint: (name: string) => void
}

/** The features of this process, made once and used by its roles. */
export function createServices(deps: Deps) {
  const {
    config,
    log,
    metrics,
    limits,
    clock,
    db,
    storage,
    topics,
    online,
    presence,
    closeMedia,
    endLogin,
    crashPoint,
  } = deps
  const graceMs = config.BROADCAST_GRACE_SECONDS * SECOND_MS
  const sessions = createLoginSessions({ orm: db.orm, isSecure: isSecureSite(config) })
  const streams = createStreamsService({
    ...{ db, repo: createStreamsRepo(db), topics, presence, clock, log, graceMs, closeMedia },
    // What follows needs the streams itself, and nothing moves before all are made.
    onMoved: (tx, moved) => feed.broadcastMoved(tx, moved),
  })
  const notificationsRepo = createNotificationsRepo(db)
  const notifications = createNotificationsService({
    ...{ repo: notificationsRepo, topics, online, streams, log },
    observe: metrics.notified,
  })
  const social = createSocialService({
    ...{ db, follows: createFollowsRepo(db), likes: createLikesRepo(db), topics, log },
    notifyFollowed: notifications.followed,
    likesChanged: streams.showCounters,
  })
  const { queueLive } = notifications
  const feed = createFeedService({
    repo: createFeedRepo(db),
    topics,
    online,
    streams,
    social,
    queueLive,
    log,
  })
  const chat = createChatService({ repo: createChatRepo(db), topics, crashPoint })
  const accounts = createAccounts({
    ...{ db, sessions, limits, clock, passwords: createPasswords() },
    createStream: streams.createFor,
    onSessionEnded: endLogin,
  })
  return {
    ...{ sessions, streams, chat, accounts, inbox: createInbox({ db }) },
    ...{ social, notifications, notificationsRepo, feed, storage },
    profiles: createProfilesService({ db, storage, clock, pictures: createPictures() }),
    preferences: createPreferencesService({ db }),
  }
}

export type Services = ReturnType<typeof createServices>

/** For a process without sockets: what it says reaches nobody here, and whoever joins elsewhere reads the database. */
export const silentTopics: Topics = { committed() {}, append() {}, set() {}, close() {} }
export const emptyPresence: Pick<Presence, 'count' | 'refresh'> = { count: () => 0, refresh: async () => {} }
export const nobodyOnline: Online = { among: async () => new Set(), all: async () => [] }
