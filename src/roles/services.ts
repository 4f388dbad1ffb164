import type { Online, Presence, Topics } from '../core/ports.ts'
import { DAY_MS, SECOND_MS } from '../core/time.ts'
import { createPasswords } from '../features/accounts/accounts.passwords.ts'
import { createAccounts } from '../features/accounts/accounts.service.ts'
import { createPhoneCodes } from '../features/accounts/contacts/phone-codes.ts'
import { createAuditService } from '../features/audit/audit.service.ts'
import { createBansRepo } from '../features/bans/bans.repo.ts'
import { createBansService } from '../features/bans/bans.service.ts'
import { createChatRepo } from '../features/chat/chat.repo.ts'
import { createChatService } from '../features/chat/chat.service.ts'
import { createDeletion } from '../features/data/deletion.service.ts'
import { createExports } from '../features/data/exports.service.ts'
import { createFeedRepo } from '../features/feed/feed.repo.ts'
import { createFeedService } from '../features/feed/feed.service.ts'
import { createGovernanceService, holdStanding } from '../features/governance/governance.service.ts'
import { createInbox } from '../features/inbox/inbox.service.ts'
import { createNotificationsRepo } from '../features/notifications/notifications.repo.ts'
import { createNotificationsService } from '../features/notifications/notifications.service.ts'
import { createProviders } from '../features/oauth/oauth.providers.ts'
import { createOAuth } from '../features/oauth/oauth.service.ts'
import {
  createAddresses,
  createPlayback,
  dashIn,
  type FileViewer,
  hlsIn,
} from '../features/playback/playback.service.ts'
import { createPlaylists } from '../features/playlists/playlists.service.ts'
import { createPreferencesService } from '../features/preferences/preferences.service.ts'
import { createProfilesService } from '../features/profiles/profiles.service.ts'
import { createBlocksRepo } from '../features/safety/blocks.repo.ts'
import { createPrivacyRepo } from '../features/safety/privacy.repo.ts'
import { createSafetyService } from '../features/safety/safety.service.ts'
import { createRelations, type Relations } from '../features/safety/visibility.service.ts'
import { createPasskeys } from '../features/second-factor/passkeys.service.ts'
import { createSecondFactor } from '../features/second-factor/second-factor.service.ts'
import { createFollowsRepo } from '../features/social/follows.repo.ts'
import { createLikesRepo } from '../features/social/likes.repo.ts'
import { createRequestsRepo } from '../features/social/requests.repo.ts'
import { createSocialService } from '../features/social/social.service.ts'
import { createRightsRepo } from '../features/streams/rights.repo.ts'
import { createStreamsRepo } from '../features/streams/streams.repo.ts'
import { createStreamsService, type StreamsService } from '../features/streams/streams.service.ts'
import { createTokensService } from '../features/tokens/tokens.service.ts'
import { queuePublish } from '../features/transcoding/transcoding.service.ts'
import { createUpgradesService } from '../features/upgrades/upgrades.service.ts'
import { createCaptions } from '../features/videos/managing/captions.service.ts'
import { createProcessing } from '../features/videos/processing.service.ts'
import { nothingIsSold } from '../features/videos/rules/entitlements.ts'
import { createUploads } from '../features/videos/uploads.service.ts'
import { createVideosService, posterFolder } from '../features/videos/videos.service.ts'
import { createViews } from '../features/views/views.service.ts'
import { createLoginSessions, type LoginSessions } from '../infra/access/login-sessions.ts'
import { isSecureSite } from '../infra/access/origin.ts'
import { createPendingSteps } from '../infra/access/pending-steps.ts'
import { readAccountRights } from '../infra/access/rights/account-rights.ts'
import { findApiToken } from '../infra/access/rights/api-tokens.ts'
import { createMediaGrants } from '../infra/access/tokens/media-grants.ts'
import { createPictures, type Pictures } from '../infra/files/pictures.ts'
import { createLocalKeys, createSealing } from '../infra/secrets/sealing.ts'
import type { Platform, PlatformDatabase } from './platform.ts'

export type ServicesDeps = Pick<
  Platform,
  'config' | 'log' | 'security' | 'metrics' | 'limits' | 'clock' | 'key' | 'cdn'
> & {
  db: PlatformDatabase['db']
  storage: PlatformDatabase['storage']
  incoming: PlatformDatabase['incoming']
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
export function createServices(deps: ServicesDeps) {
  const { config, clock, db, storage, topics, crashPoint } = deps
  const graceMs = config.BROADCAST_GRACE_SECONDS * SECOND_MS
  const sessions = createLoginSessions({
    ...{ orm: db.orm, isSecure: isSecureSite(config), clock },
    maxLifeMs: config.SESSION_MAX_DAYS * DAY_MS,
  })
  const streams = createStreamsService({
    ...{ ...deps, repo: createStreamsRepo(db), rights: createRightsRepo(db), graceMs },
    // What follows needs the streams itself, and nothing moves before all are made.
    onMoved: (tx, moved) => feed.broadcastMoved(tx, moved),
    holdStanding: (tx, accountId) => holdStanding(tx, accountId, ['suspended', 'banned', 'deleting']),
  })
  const relations = createRelations(db)
  const notificationsRepo = createNotificationsRepo(db)
  const notifications = createNotificationsService({
    ...{ ...deps, repo: notificationsRepo, streams, relations },
    observe: deps.metrics.notified,
  })
  const social = createSocialService({
    ...{ ...deps, relations, follows: createFollowsRepo(db), likes: createLikesRepo(db) },
    requests: createRequestsRepo(db),
    notifyFollowed: notifications.followed,
    notifyRequested: notifications.followRequested,
    notifyAccepted: notifications.followAccepted,
    unfollowed: streams.unfollowed,
    mustSeeBroadcast: streams.visibility.mustSeeBroadcast,
    likesChanged: streams.showCounters,
  })
  const { queueLive } = notifications
  const feed = createFeedService({
    ...{ ...deps, repo: createFeedRepo(db), streams, social, relations, queueLive },
  })
  const { mustSee } = streams.visibility
  const { mustWrite } = streams.doors
  const chat = createChatService({
    ...{ repo: createChatRepo(db), topics, mustSee, mustWrite, relations, crashPoint },
  })
  const safety = createSafetyService({
    ...{ db, social, streams, blocks: createBlocksRepo(db), privacy: createPrivacyRepo(db) },
  })
  const pictures = createPictures()
  const bans = createBansService({ db, repo: createBansRepo(db), streams, topics })
  return {
    ...{ sessions, streams, bans, chat, inbox: createInbox({ db }), storage },
    ...{ social, notifications, notificationsRepo, feed, safety },
    profiles: createProfilesService({ db, storage, clock, pictures }),
    ...createLibrary(deps, relations, pictures, streams),
    ...createEntry(deps, sessions, streams),
    ...createStaff(deps, sessions, streams),
    findApiToken: (bearer: string) => findApiToken(db.orm, bearer),
    readRights: (ids: readonly string[]) => readAccountRights(db.orm, ids),
  }
}

/** Videos, from the first byte on. */
function createLibrary(
  deps: ServicesDeps,
  relations: Relations,
  pictures: Pictures,
  streams: Pick<StreamsService, 'streamOf'>,
) {
  const preferences = createPreferencesService(deps)
  const { db, clock, cdn } = deps
  const lifeMs = deps.config.MEDIA_GRANT_SECONDS * SECOND_MS
  const grants = createMediaGrants({ secretKey: deps.key, clock, lifeMs })
  const addressOf = createAddresses(grants)
  const videos = createVideosService({
    ...{ ...deps, relations, preferences, pictures, entitlements: nothingIsSold },
    streamOf: streams.streamOf,
    addressesOf(video, audience) {
      const { id: videoId, runId } = video
      if (runId === null) return undefined
      const { baseUrl, expiresAt } = addressOf({ ...audience, videoId, runId })
      return {
        ...{ hlsUrl: hlsIn(baseUrl), dashUrl: dashIn(baseUrl), expiresAt },
        ...{
          posterUrl: baseUrl + posterFolder(video),
          previewUrl: `${baseUrl}preview.webp`,
        },
        storyboardUrl: `${baseUrl}storyboard/index.vtt`,
        captionUrl: (key) => baseUrl + key,
      }
    },
  })
  const playback = createPlayback({
    ...{ grants, cdn, clock },
    view: async (viewer, videoId) => videos.files(await unlessBanned(db, viewer), videoId),
  })
  const { show, showPremiere } = videos
  const uploads = createUploads({ ...deps, show })
  const processing = createProcessing({ ...deps, show, showPremiere })
  const captions = createCaptions({ ...deps, publish: queuePublish })
  const views = createViews({ ...deps, mustSee: videos.mustSee, cards: videos.cards })
  const playlists = createPlaylists({ ...deps, relations, videos })
  return {
    preferences,
    videos,
    captions,
    playback,
    views,
    playlists,
    uploads,
    processing,
    incoming: deps.incoming,
  }
}

/** Whoever is banned holds grants for some minutes yet: to files they are nobody in particular. */
async function unlessBanned(db: ServicesDeps['db'], viewer: FileViewer): Promise<FileViewer> {
  const { viewerId, country } = viewer
  if (viewerId === undefined) return viewer
  const rights = (await readAccountRights(db.orm, [viewerId])).get(viewerId)
  return rights && rights.sanction?.kind !== 'banned' ? viewer : { viewerId: undefined, country }
}

/** Becoming somebody, and coming in. */
function createEntry(deps: ServicesDeps, sessions: LoginSessions, streams: StreamsService) {
  const { config, clock, db, limits } = deps
  const passwords = createPasswords()
  const phoneCodes = createPhoneCodes({ db, passwords, clock })
  const accounts = createAccounts({
    ...{ ...deps, sessions, passwords, phoneCodes },
    createStream: streams.createFor,
    // What is asked for at the end of a sign-in begins sessions by the accounts' own way.
    secondFactor: {
      isOn: (accountId) => secondFactor.isOn(accountId),
      required: (...args) => secondFactor.required(...args),
    },
    mustNotBeBanned: (tx, userId) => holdStanding(tx, userId, ['banned']),
    onSessionEnded: deps.endLogin,
  })
  const pending = createPendingSteps({ db, clock })
  const sealing = createSealing(createLocalKeys(deps.key, config.FORMER_SECRET_KEYS))
  const { accountChanged } = deps
  const entry = { db, accounts, sessions, pending, sealing, limits, clock, accountChanged }
  const secondFactor = createSecondFactor(entry)
  const passkeys = createPasskeys(entry)
  const oauth = createOAuth({ ...entry, providers: createProviders(config, clock) })
  return { accounts, phoneCodes, pending, secondFactor, passkeys, oauth }
}

/** What some may do to others' accounts, programs in one's name, and leaving. */
function createStaff(deps: ServicesDeps, sessions: LoginSessions, streams: StreamsService) {
  const audit = createAuditService(deps)
  const tokens = createTokensService({ ...deps, audit })
  const upgrades = createUpgradesService({ ...deps, audit })
  const endBroadcast = streams.endOfSanctioned
  const governance = createGovernanceService({ ...deps, audit, tokens, sessions, endBroadcast })
  const exports = createExports(deps)
  const deletion = createDeletion({ ...deps, audit, tokens, sessions, streams, exports })
  return { tokens, upgrades, governance, exports, deletion }
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
