import { randomUUID } from 'node:crypto'
import { OpenAPIHono } from '@hono/zod-openapi'
import type { MiddlewareHandler } from 'hono'
import { cors } from 'hono/cors'
import { accounts } from '../contract/accounts.ts'
import { bans } from '../contract/bans.ts'
import { captions } from '../contract/captions.ts'
import { data } from '../contract/data.ts'
import { embeds } from '../contract/embeds.ts'
import { feed } from '../contract/feed.ts'
import { governance } from '../contract/governance.ts'
import { inbox } from '../contract/inbox.ts'
import { oauth } from '../contract/oauth.ts'
import { playback } from '../contract/playback.ts'
import { playlists } from '../contract/playlists.ts'
import { preferences } from '../contract/preferences.ts'
import { profiles } from '../contract/profiles.ts'
import { safety } from '../contract/safety.ts'
import { secondFactor } from '../contract/second-factor.ts'
import { social } from '../contract/social.ts'
import { streams } from '../contract/streams.ts'
import { system } from '../contract/system.ts'
import { tokens } from '../contract/tokens.ts'
import { videos } from '../contract/videos.ts'
import { views } from '../contract/views.ts'
import { AppError } from '../core/errors.ts'
import type { Logger, SecurityLog } from '../core/log.ts'
import type { Limits, ObjectStorage } from '../core/ports.ts'
import type { Clock } from '../core/time.ts'
import type { AccountsService } from '../features/accounts/accounts.service.ts'
import type { BansService } from '../features/bans/bans.service.ts'
import type { DeletionService } from '../features/data/deletion.service.ts'
import type { ExportsService } from '../features/data/exports.service.ts'
import type { FeedService } from '../features/feed/feed.service.ts'
import type { GovernanceService } from '../features/governance/governance.service.ts'
import type { InboxService } from '../features/inbox/inbox.service.ts'
import type { OAuthService } from '../features/oauth/oauth.service.ts'
import type { PlaybackService } from '../features/playback/playback.service.ts'
import type { PlaylistsService } from '../features/playlists/playlists.service.ts'
import type { PreferencesService } from '../features/preferences/preferences.service.ts'
import type { ProfilesService } from '../features/profiles/profiles.service.ts'
import type { SafetyService } from '../features/safety/safety.service.ts'
import type { PasskeysService } from '../features/second-factor/passkeys.service.ts'
import type { SecondFactorService } from '../features/second-factor/second-factor.service.ts'
import type { SocialService } from '../features/social/social.service.ts'
import type { TokensService } from '../features/tokens/tokens.service.ts'
import type { UpgradesService } from '../features/upgrades/upgrades.service.ts'
import type { CaptionsService } from '../features/videos/managing/captions.service.ts'
import type { UploadSettings, UploadsService } from '../features/videos/uploads.service.ts'
import type { VideosService } from '../features/videos/videos.service.ts'
import type { ViewsService } from '../features/views/views.service.ts'
import { createClientAddresses } from '../infra/access/client-address.ts'
import type { LoginSessions } from '../infra/access/login-sessions.ts'
import { configuredOrigins, isSecureSite, linkOrigin, type OriginSettings } from '../infra/access/origin.ts'
import type { SocketTokens } from '../infra/access/tokens/socket-tokens.ts'
import type { IncomingFiles } from '../infra/files/incoming.ts'
import { type ProbeDeps, serveProbes } from './probes.ts'
import { problemResponse, toAppError } from './problem.ts'
import { noteRefusal } from './refusals.ts'
import { type ApiApp, bindRoutes, refuseInvalid } from './route.ts'
import { banRoutes } from './routes/bans.ts'
import { dataRoutes } from './routes/data.ts'
import { accountRoutes } from './routes/entry/accounts.ts'
import { createBrowserKeys } from './routes/entry/browser-key.ts'
import { oauthRoutes } from './routes/entry/oauth.ts'
import { secondFactorRoutes } from './routes/entry/second-factor.ts'
import { tokenRoutes } from './routes/entry/tokens.ts'
import { feedRoutes } from './routes/feed.ts'
import { governanceRoutes } from './routes/governance.ts'
import { type InboxSettings, inboxRoutes } from './routes/inbox.ts'
import { captionRoutes } from './routes/library/captions.ts'
import { embedRoutes } from './routes/library/embeds.ts'
import { playlistRoutes } from './routes/library/playlists.ts'
import { playbackRoutes, videoRoutes } from './routes/library/videos.ts'
import { viewRoutes } from './routes/library/views.ts'
import { preferenceRoutes, profileRoutes } from './routes/profiles.ts'
import { safetyRoutes } from './routes/safety.ts'
import { socialRoutes } from './routes/social.ts'
import { type StreamReads, streamRoutes } from './routes/streams.ts'
import { systemRoutes } from './routes/system.ts'
import { serveFiles } from './static/files.ts'
import { serveMedia } from './static/media.ts'
import { servePages } from './static/pages.ts'
import { securityHeaders } from './static/security-headers.ts'
import { aroundUploads, serveUploads } from './uploads/uploads.ts'
import type { HttpEnv, VisitorDeps } from './visitor.ts'

export type HttpSample = { method: string; route: string; status: number; durationMs: number }

/** The settings that HTTP goes by; `Config` has them all. */
export type HttpSettings = OriginSettings &
  InboxSettings &
  UploadSettings & {
    COUNTRY_HEADER?: string | undefined
    SOCKET_URL?: string | undefined
    MEDIA_CDN_URL?: string | undefined
    TRUSTED_PROXIES: readonly string[]
  }

export type AppDeps = Pick<ProbeDeps, 'health' | 'documents'> &
  Pick<VisitorDeps, 'findApiToken' | 'readRights'> & {
    config: HttpSettings
    log: Logger
    security: SecurityLog
    limits: Limits
    clock: Clock
    accounts: AccountsService
    oauth: OAuthService
    secondFactor: SecondFactorService
    passkeys: PasskeysService
    sessions: LoginSessions
    socketTokens: SocketTokens
    inbox: InboxService
    streams: StreamReads
    bans: BansService
    social: SocialService
    feed: FeedService
    profiles: ProfilesService
    preferences: PreferencesService
    storage: Pick<ObjectStorage, 'read' | 'head'>
    safety: SafetyService
    tokens: TokensService
    governance: GovernanceService
    upgrades: UpgradesService
    exports: ExportsService
    deletion: DeletionService
    videos: VideosService
    captions: CaptionsService
    playback: PlaybackService
    views: ViewsService
    playlists: PlaylistsService
    uploads: UploadsService
    incoming: Pick<IncomingFiles, 'store' | 'locker'>
    media: Parameters<typeof systemRoutes>[0]['media']
    metrics: ProbeDeps['metrics'] & { http(sample: HttpSample): void }
    /** Folder of the built web app; without an index.html there are no pages. */
    webRoot: string
    version: string
    /** Port of the sockets; null where they share the port of HTTP. */
    socketPort: () => number | null
  }

/** The HTTP surface without its listener. `httpPort` is known only once that listens. */
export function createApp(deps: AppDeps, httpPort: () => number): ApiApp {
  const { config, sessions, findApiToken, readRights } = deps
  const app: ApiApp = new OpenAPIHono<HttpEnv>({ defaultHook: refuseInvalid })
  const addresses = createClientAddresses(config.TRUSTED_PROXIES)
  const visitorDeps = { sessions, findApiToken, readRights, addresses, config, httpPort }

  app.use('*', observe(deps), securityHeaders(deps))
  app.use('/api/uploads/*', aroundUploads(config))
  app.use('/api/*', allowOrigins(config), async (c, next) => {
    await next()
    c.header('cache-control', 'no-store')
  })
  app.onError((error, c) => {
    const failure = toAppError(error)
    const requestId = c.get('requestId')
    const fields = { error: failure, requestId, method: c.req.method, path: c.req.path }
    if (!(failure instanceof AppError)) deps.log.error(fields, 'A request failed.')
    else noteRefusal(deps.security, c, failure, requestId)
    if (failure instanceof AppError && failure.code === 'unavailable')
      deps.log.warn(fields, 'A request could not be served now.')
    const problem = problemResponse(failure, requestId)
    // With the cookies that were set before it failed: a held sign-in is bound to one.
    return c.newResponse(problem.body, problem)
  })
  app.notFound((c) => problemResponse(new AppError('not_found'), c.get('requestId')))

  const bind = { ...visitorDeps, limits: deps.limits, nowMs: deps.clock.nowMs }
  const links = (origin: string | undefined, host: string | undefined) =>
    linkOrigin({ origin, host, config, httpPort: httpPort() })
  bindRoutes(app, system.routes, systemRoutes(deps), bind)
  const isSecure = isSecureSite(config)
  const entry = { ...deps, isSecure, linkOrigin: links, browserKeys: createBrowserKeys(isSecure) }
  bindRoutes(app, accounts.routes, accountRoutes(entry), bind)
  bindRoutes(app, secondFactor.routes, secondFactorRoutes(entry), bind)
  bindRoutes(app, oauth.routes, oauthRoutes(entry), bind)
  bindRoutes(app, inbox.routes, inboxRoutes(deps), bind)
  bindRoutes(app, streams.routes, streamRoutes(deps), bind)
  bindRoutes(app, bans.routes, banRoutes(deps), bind)
  bindRoutes(app, social.routes, socialRoutes(deps), bind)
  bindRoutes(app, feed.routes, feedRoutes(deps), bind)
  bindRoutes(app, profiles.routes, profileRoutes(deps), bind)
  bindRoutes(app, preferences.routes, preferenceRoutes(deps), bind)
  serveFiles(app, deps.storage)
  bindRoutes(app, safety.routes, safetyRoutes(deps), bind)
  bindRoutes(app, tokens.routes, tokenRoutes(deps), bind)
  bindRoutes(app, governance.routes, governanceRoutes(deps), bind)
  bindRoutes(app, data.routes, dataRoutes({ ...deps, linkOrigin: links }), bind)
  bindRoutes(app, videos.routes, videoRoutes(deps), bind)
  bindRoutes(app, captions.routes, captionRoutes(deps), bind)
  bindRoutes(app, playback.routes, playbackRoutes(deps), bind)
  serveMedia(app, { ...deps, nowMs: deps.clock.nowMs })
  bindRoutes(app, views.routes, viewRoutes(deps), bind)
  bindRoutes(app, playlists.routes, playlistRoutes(deps), bind)
  bindRoutes(app, embeds.routes, embedRoutes({ ...deps, linkOrigin: links }), bind)
  serveUploads(app, deps, bind)
  serveProbes(app, { ...deps, ...visitorDeps })
  servePages(app, { ...deps, siteOrigin: (host) => links(undefined, host) })
  return app
}

/** Names every request by an id of ours, and counts and times it by its route. */
function observe({ log, metrics }: Pick<AppDeps, 'log' | 'metrics'>): MiddlewareHandler<HttpEnv> {
  return async (c, next) => {
    const requestId = randomUUID()
    c.set('requestId', requestId)
    c.set('route', 'none')
    const startedMs = performance.now()
    await next()
    c.header('x-request-id', requestId)
    const sample = {
      method: c.req.method,
      route: c.get('route'),
      status: c.res.status,
      durationMs: performance.now() - startedMs,
    }
    metrics.http(sample)
    // The path without its query, which may have a token.
    log.debug({ ...sample, requestId, path: c.req.path }, 'Answered a request.')
  }
}

/** What uploads ask for and are told in headers (tus 1.0). */
const TUS_ASKED = ['tus-resumable', 'upload-length', 'upload-offset', 'upload-metadata', 'upload-checksum']
const TUS_TOLD = ['location', 'tus-resumable', 'upload-offset', 'upload-length', 'upload-expires']

/** Pages of ALLOWED_ORIGINS may read what they ask for; for all others browsers keep the answer from the page. */
function allowOrigins(config: HttpSettings): MiddlewareHandler<HttpEnv> {
  const origins = configuredOrigins(config)
  return cors({
    origin: (origin) => (origins.includes(origin) ? origin : undefined),
    credentials: true,
    allowMethods: ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'],
    allowHeaders: ['authorization', 'content-type', ...TUS_ASKED],
    exposeHeaders: ['retry-after', 'x-request-id', ...TUS_TOLD],
    // Browsers forget it after two hours at most anyway.
    maxAge: 7200,
  })
}
