import type { Online, Presence, Topics } from '../core/ports.ts'
import { SECOND_MS } from '../core/time.ts'
import { createPasswords } from '../features/accounts/accounts.passwords.ts'
import { createAccounts } from '../features/accounts/accounts.service.ts'
import { createAuditService } from '../features/audit/audit.service.ts'
import { createBansRepo } from '../features/bans/bans.repo.ts'
import { createBansService } from '../features/bans/bans.service.ts'
import { createChatRepo } from '../features/chat/chat.repo.ts'
import { createChatService } from '../features/chat/chat.service.ts'
import { createFeedRepo } from '../features/feed/feed.repo.ts'
import { createFeedService } from '../features/feed/feed.service.ts'
import { createGovernanceService, holdStanding } from '../features/governance/governance.service.ts'
import { createInbox } from '../features/inbox/inbox.service.ts'
import { createNotificationsRepo } from '../features/notifications/notifications.repo.ts'
import { createNotificationsService } from '../features/notifications/notifications.service.ts'
import { createFollowsRepo } from '../features/social/follows.repo.ts'
import { createLikesRepo } from '../features/social/likes.repo.ts'
import { createSocialService } from '../features/social/social.service.ts'
import { createRightsRepo } from '../features/streams/rights.repo.ts'
import { createStreamsRepo } from '../features/streams/streams.repo.ts'
import { createStreamsService } from '../features/streams/streams.service.ts'
import { createTokensService } from '../features/tokens/tokens.service.ts'
import { createUpgradesService } from '../features/upgrades/upgrades.service.ts'
import { createLoginSessions } from '../infra/access/login-sessions.ts'
import { isSecureSite } from '../infra/access/origin.ts'
import { readAccountRights } from '../infra/access/rights/account-rights.ts'
import { findApiToken } from '../infra/access/rights/api-tokens.ts'
import type { Platform, PlatformDatabase } from './platform.ts'

type Deps = Pick<Platform, 'config' | 'log' | 'metrics' | 'limits' | 'clock'> & {
  db: PlatformDatabase['db']
  topics: Topics
  online: Online
  presence: Pick<Presence, 'count' | 'refresh'>
  closeMedia: (streamId: string) => void
  /** Ends the sockets of a login session. */
  endLogin: (publicId: string) => void
  /** What an account may has changed: its sockets are judged anew. */
  accountChanged: (accountId: string) => void
  /** Whether this process is told now of every change of rights that others make. */
  hearsOfRights: () => boolean
  crashPoint: (name: string) => void
}

/** The features of this process, made once and used by its roles. */
export function createServices(deps: Deps) {
  const { config, db, topics, endLogin, crashPoint } = deps
  const graceMs = config.BROADCAST_GRACE_SECONDS * SECOND_MS
  const sessions = createLoginSessions({ orm: db.orm, isSecure: isSecureSite(config) })
  const streams = createStreamsService({
    ...{ ...deps, repo: createStreamsRepo(db), rights: createRightsRepo(db), graceMs },
    // What follows needs the streams itself, and nothing moves before all are made.
    onMoved: (tx, moved) => feed.broadcastMoved(tx, moved),
    holdStanding: (tx, accountId) => holdStanding(tx, accountId, ['suspended', 'banned']),
  })
  const notificationsRepo = createNotificationsRepo(db)
  const notifications = createNotificationsService({
    ...{ ...deps, repo: notificationsRepo, streams },
    observe: deps.metrics.notified,
  })
  const social = createSocialService({
    ...{ ...deps, follows: createFollowsRepo(db), likes: createLikesRepo(db) },
    notifyFollowed: notifications.followed,
    unfollowed: streams.unfollowed,
    mustSeeBroadcast: streams.visibility.mustSeeBroadcast,
    likesChanged: streams.showCounters,
  })
  const { queueLive } = notifications
  const feed = createFeedService({ ...deps, repo: createFeedRepo(db), streams, social, queueLive })
  const { mustSee } = streams.visibility
  const { mustEnter } = streams.doors
  const chat = createChatService({ repo: createChatRepo(db), topics, mustSee, mustEnter, crashPoint })
  const bans = createBansService({ db, repo: createBansRepo(db), streams, topics })
  const accounts = createAccounts({
    ...{ ...deps, sessions, passwords: createPasswords() },
    createStream: streams.createFor,
    mustNotBeBanned: (tx, userId) => holdStanding(tx, userId, ['banned']),
    onSessionEnded: endLogin,
  })
  const audit = createAuditService({ db })
  const tokens = createTokensService({ ...deps, audit })
  const upgrades = createUpgradesService({ ...deps, audit })
  const endBroadcast = streams.endOfSanctioned
  const governance = createGovernanceService({ ...deps, audit, tokens, sessions, endBroadcast })
  return {
    ...{ sessions, streams, bans, chat, accounts, inbox: createInbox({ db }) },
    ...{ social, notifications, notificationsRepo, feed, tokens, upgrades, governance },
    findApiToken: (bearer: string) => findApiToken(db.orm, bearer),
    readRights: (ids: readonly string[]) => readAccountRights(db.orm, ids),
  }
}

export type Services = ReturnType<typeof createServices>

/** For a process without sockets: what it says reaches nobody here, and whoever joins elsewhere reads the database. */
export const silentTopics: Topics = {
  committed() {},
  append() {},
  set() {},
  close() {},
  rejudge: async () => {},
}
export const emptyPresence: Pick<Presence, 'count' | 'refresh'> = { count: () => 0, refresh: async () => {} }
export const nobodyOnline: Online = { among: async () => new Set(), all: async () => [] }
