import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { createSharedPresence } from '../../realtime/presence/shared.ts'
import { createOnlineReader } from '../../realtime/presence/shared-online.ts'
import { createPublisher } from '../../realtime/topics/shared/publisher.ts'
import type { Config } from '../config.ts'
import type { Logger } from '../core/log.ts'
import { steadyMs } from '../core/time.ts'
import type { HttpServer } from '../http/server.ts'
import { SOCKET_TOKEN_LIFE_MS } from '../infra/access/tokens/socket-tokens.ts'
import { prepareGateway } from './gateway.ts'
import { startHttp } from './http.ts'
import { startJobs } from './jobs/jobs.ts'
import { serveMedia } from './media.ts'
import { createPlatform, openPlatformDatabase, type Platform, type PlatformDatabase } from './platform.ts'
import { createReadiness } from './readiness.ts'
import { createServices, emptyPresence, nobodyOnline, silentTopics } from './services.ts'

/** What a started process tells whoever started it. */
export type Running = AsyncDisposable & {
  httpPort: number | undefined
  socketPort: number | undefined
  engine: 'uws' | 'ws' | undefined
  isDatabaseEmbedded: boolean
  hasInbox: boolean
  /** One-time login link of the first admin, without its origin; until that account has a password. */
  adminPath: string | undefined
}

/** Starts the asked roles; when one fails, those that started are ended again. */
export async function startRoles(
  config: Config,
  log: Logger,
  crashPoint: (name: string) => void,
): Promise<Running> {
  const platform = await createPlatform(config, log)
  const close = () => platform.disposal[Symbol.asyncDispose]()
  try {
    const parts = await start(platform, crashPoint)
    return { ...parts, [Symbol.asyncDispose]: () => platform.life.end().then(close) }
  } catch (error) {
    await close()
    throw error
  }
}

async function start(
  platform: Platform,
  crashPoint: (name: string) => void,
): Promise<Omit<Running, keyof AsyncDisposable>> {
  const { config } = platform
  const root = projectRoot()
  const has = (role: Config['ROLES'][number]) => config.ROLES.includes(role)
  const none = { httpPort: undefined, socketPort: undefined, engine: undefined, adminPath: undefined }
  if (!has('gateway')) await serveMedia(platform)
  if (!has('gateway') && !has('http') && !has('jobs'))
    return { ...none, isDatabaseEmbedded: false, hasInbox: false }

  const database = await openPlatformDatabase(platform, join(root, 'drizzle/migrations'))
  let http: HttpServer | undefined
  let videoProblem: string | undefined
  let socketPort: number | null = has('gateway') ? null : (config.SOCKET_PORT ?? config.PORT + 1)
  const gateway = has('gateway')
    ? prepareGateway({
        platform,
        database,
        crashPoint,
        httpPort: () => http?.port ?? config.PORT,
        httpServer: () => http?.server,
      })
    : undefined
  const services = gateway?.services ?? withoutSockets(platform, database, crashPoint)
  if (has('http')) {
    const ready = createReadiness(platform, database, () => videoProblem)
    http = await startHttp({
      platform,
      services,
      ready,
      webRoot: join(root, 'dist/web'),
      socketPort: () => socketPort,
    })
  }
  const engine = await gateway?.open()
  if (engine) socketPort = engine.port ?? null
  if (has('jobs')) videoProblem = await startJobs({ platform, database, services, crashPoint })
  const adminToken = has('http') ? await services.accounts.firstAdminLink() : undefined
  return {
    httpPort: http?.port,
    socketPort: engine?.port,
    engine: engine?.name,
    isDatabaseEmbedded: database.isEmbedded,
    hasInbox: config.SMTP_URL === undefined,
    adminPath: adminToken && `/link?token=${adminToken}`,
  }
}

/** What is said in a process without sockets reaches those of the gateways over Redis. */
function withoutSockets(
  { config, log, security, metrics, limits, clock, key, cdn, link, media, disposal }: Platform,
  { db, storage, incoming }: PlatformDatabase,
  crashPoint: (name: string) => void,
) {
  const publisher = link && createPublisher({ link, log, tokenLifeMs: SOCKET_TOKEN_LIFE_MS, nowMs: steadyMs })
  const presence = link && createSharedPresence({ link, onCount: () => {}, settleMs: 0 })
  disposal.defer(() => {
    publisher?.stop()
    presence?.stop()
  })
  return createServices({
    ...{ config, log, security, metrics, limits, clock, key, cdn, db, storage, incoming, crashPoint },
    topics: publisher?.topics ?? silentTopics,
    online: link ? createOnlineReader(link) : nobodyOnline,
    presence: presence ?? emptyPresence,
    closeMedia: (streamId) =>
      void media
        .closeRoom(streamId)
        .catch((error: unknown) => log.warn({ streamId, error }, 'The media of a stream could not be ended')),
    hearsOfRights: () => false,
    endLogin: publisher?.endLogin ?? (() => {}),
    accountChanged: publisher?.accountChanged ?? (() => {}),
  })
}

/** The folder with package.json: this file runs from `src/roles` and from a bundle in `dist/server`. */
function projectRoot(): string {
  let dir = import.meta.dirname
  while (!existsSync(join(dir, 'package.json')) && dirname(dir) !== dir) dir = dirname(dir)
  return dir
}
