import { readFile } from 'node:fs/promises'
import type { MediaControl } from '../../media/client/control.ts'
import { createMediaNode, type MediaNode } from '../../media/node.ts'
import type { Config } from '../config.ts'
import type { Logger, SecurityLog } from '../core/log.ts'
import type { Limits, ObjectStorage } from '../core/ports.ts'
import { createDisposal, type Disposal } from '../core/running/disposal.ts'
import { createLife, type Life } from '../core/running/life.ts'
import { StartError } from '../core/running/start-error.ts'
import { type Clock, SECOND_MS, systemClock } from '../core/time.ts'
import { createLimits } from '../infra/access/limits/limits.ts'
import { createSharedLimits } from '../infra/access/limits/shared-limits.ts'
import { type CdnCookies, createCdnCookies } from '../infra/access/tokens/cdn-cookies.ts'
import { createSocketTokens, type SocketTokens } from '../infra/access/tokens/socket-tokens.ts'
import { type Database, openDatabase } from '../infra/db.ts'
import { type IncomingFiles, openIncoming } from '../infra/files/incoming.ts'
import { openStorage } from '../infra/files/storage.ts'
import { createSecurityLog } from '../infra/log/security-log.ts'
import { createMetrics, type Metrics } from '../infra/metrics.ts'
import { migrate } from '../infra/postgres/migrate.ts'
import { preparePostgres } from '../infra/postgres/prepare.ts'
import { createRequestLocks } from '../infra/postgres/request-locks.ts'
import { openRedis, type RedisLink } from '../infra/redis/client.ts'
import { secretKey } from '../infra/secrets/secret.ts'
import { connectMedia, logProgress } from './media.ts'

/** What every role may be made from. `database` is absent in a process with the media role alone. */
export type Platform = {
  config: Config
  log: Logger
  security: SecurityLog
  clock: Clock
  metrics: Metrics
  limits: Limits
  tokens: SocketTokens
  media: MediaControl
  /** What joins this process to others; undefined without REDIS_URL, or with the media role alone. */
  link: RedisLink | undefined
  /** The SFU of this process, where it has the media role. */
  mediaNode: MediaNode | undefined
  /** What gateways and media-only nodes share. */
  secret: string
  /** SECRET_KEY, or the one made in its place. */
  key: string
  life: Life
  tls: { cert: Buffer; key: Buffer } | undefined
  /** Opens videos at a CDN, in a process of the http role where one is set. */
  cdn: CdnCookies | undefined
  disposal: Disposal
}

export type PlatformDatabase = {
  db: Database
  appUrl: string
  isEmbedded: boolean
  storage: ObjectStorage
  incoming: IncomingFiles
}

export async function createPlatform(config: Config, log: Logger): Promise<Platform> {
  const onError = (error: unknown) => log.error({ error }, 'Something could not be ended')
  const disposal = createDisposal(onError)
  const metrics = createMetrics()
  const key = await secretKey(config)
  const secret = config.MEDIA_SECRET ?? key
  const link = await connectRedis(config, log, disposal)
  const mediaNode = config.ROLES.includes('media')
    ? disposal.use(createMediaNode({ config, log, cacheHome: config.XDG_CACHE_HOME }))
    : undefined
  const media = connectMedia({ config, log, secret, mediaNode, disposal })
  if (mediaNode) {
    disposal.defer(logProgress(media, log))
    metrics.gauge('sfu', 'Workers, rooms, transports, producers, consumers and CPU seconds.', () =>
      mediaNode.stats(),
    )
  }
  if (link)
    metrics.gauge('redis_up', '1 while Redis answers and all is subscribed.', () => Number(link.isUp()))
  metrics.gauge('live_video_up', '1 while an SFU can be used.', () =>
    Number(media.status().state === 'ready'),
  )
  return {
    config,
    log,
    security: createSecurityLog(log, systemClock),
    clock: systemClock,
    metrics,
    limits: link ? createSharedLimits({ link }) : createLimits(),
    tokens: createSocketTokens({ secretKey: key, clock: systemClock }),
    media,
    link,
    mediaNode,
    secret,
    key,
    life: createLife(onError),
    tls: await readTls(config),
    cdn: await openCdn(config),
    disposal,
  }
}

async function connectRedis({ REDIS_URL, ROLES }: Config, log: Logger, disposal: Disposal) {
  if (!REDIS_URL || ROLES.every((role) => role === 'media')) return undefined
  return disposal.use(await openRedis({ addresses: REDIS_URL, log }))
}

/** Opens the database and brings it to this version. */
export async function openPlatformDatabase(
  { config, log, disposal }: Platform,
  migrationsDir: string,
): Promise<PlatformDatabase> {
  const postgres = disposal.use(await preparePostgres(config, log))
  const { appUrl, ownerUrl, isEmbedded } = postgres
  await migrate({ appUrl, ownerUrl, migrationsDir, log })
  const db = disposal.use(
    openDatabase({
      ...{ url: appUrl, pool: config.DATABASE_POOL, log },
      isStaffSecondFactorAsked: config.STAFF_SECOND_FACTOR,
    }),
  )
  const storage = await openStorage(config)
  disposal.defer(() => storage[Symbol.dispose]?.())
  const locks = disposal.use(createRequestLocks({ url: appUrl, log }))
  const incoming = disposal.use(await openIncoming({ config, storage, locks }))
  return { db, appUrl, isEmbedded, storage, incoming }
}

async function readTls({ TLS_CERT_FILE, TLS_KEY_FILE }: Config) {
  if (!TLS_CERT_FILE || !TLS_KEY_FILE) return undefined
  return { cert: await mustRead(TLS_CERT_FILE), key: await mustRead(TLS_KEY_FILE) }
}

/** Only who answers requests for videos needs the key. */
async function openCdn(config: Config): Promise<CdnCookies | undefined> {
  const { MEDIA_CDN_URL, MEDIA_CDN_KEY_PAIR_ID, MEDIA_CDN_KEY_FILE, MEDIA_CDN_COOKIE_DOMAIN } = config
  if (!config.ROLES.includes('http') || !MEDIA_CDN_URL || !MEDIA_CDN_KEY_PAIR_ID || !MEDIA_CDN_KEY_FILE)
    return undefined
  const privateKeyPem = await mustRead(MEDIA_CDN_KEY_FILE)
  try {
    return createCdnCookies({
      ...{ cdnUrl: MEDIA_CDN_URL, keyPairId: MEDIA_CDN_KEY_PAIR_ID, privateKeyPem },
      ...{ cookieDomain: MEDIA_CDN_COOKIE_DOMAIN, clock: systemClock },
      lifeMs: config.MEDIA_GRANT_SECONDS * SECOND_MS,
    })
  } catch (cause) {
    throw new StartError(`The file ${MEDIA_CDN_KEY_FILE} has no RSA key: ${(cause as Error).message}.`)
  }
}

const mustRead = (file: string) =>
  readFile(file).catch((cause: Error) => {
    throw new StartError(`The file ${file} can not be read: ${cause.message}.`)
  })
