import { availableParallelism } from 'node:os'
import { join, resolve } from 'node:path'
import { z } from 'zod'
import { providerProblems, providerSettings } from './config.providers.ts'
import { cdnProblems, videoSettings } from './config.videos.ts'

/** What a process does; see docs/operations.md. */
export const ROLES = ['gateway', 'http', 'media', 'jobs'] as const

const anyPort = z.coerce.number().int().min(0).max(65_535)
const port = (fallback: number) => anyPort.default(fallback)
const csv = z.string().transform((value) =>
  value
    .split(',')
    .map((part) => part.trim())
    .filter(Boolean),
)
const flag = z.enum(['on', 'off']).transform((value) => value === 'on')

/**
 * Every setting, read from the environment. None is needed. The README's table is made from the descriptions here.
 * Names are those of the environment; nothing else reads `process.env`.
 */
export const Settings = z
  .object({
    ROLES: csv
      .pipe(z.array(z.enum(ROLES)).min(1))
      .default([...ROLES])
      .describe('What this process does, separated by commas: gateway, http, media, jobs.'),
    HOST: z.string().default('0.0.0.0').describe('Address that the listeners bind.'),
    PORT: port(3000).describe('Port of the web app and the HTTP API; 0 takes a free one.'),
    SOCKET_PORT: anyPort
      .optional()
      .describe('Port of the sockets; PORT + 1 where nothing is set, a free one where PORT is 0.'),
    SOCKET_ENGINE: z
      .enum(['auto', 'uws', 'ws'])
      .default('auto')
      .describe(
        'uws (uWebSockets.js) is faster; ws works everywhere, on PORT itself. auto takes uws where its binary loads.',
      ),
    SOCKET_URL: z
      .url()
      .optional()
      .describe('Where browsers connect sockets, if it is not this host and SOCKET_PORT (behind a proxy).'),
    PUBLIC_URL: z
      .url()
      .optional()
      .describe('Address under which people reach this server; used in mails and accepted as origin.'),
    ALLOWED_ORIGINS: csv
      .default([])
      .describe('Further origins, separated by commas, whose pages may open sockets and send requests.'),
    TRUSTED_PROXIES: csv
      .default([])
      .describe('Addresses of proxies whose X-Forwarded-For is believed, separated by commas.'),
    DATA_DIR: z
      .string()
      .default('./data')
      .transform((value) => resolve(value))
      .describe('Where the embedded database, the keys and the files live.'),
    FILES_DIR: z
      .string()
      .transform((value) => resolve(value))
      .optional()
      .describe('Where pictures and videos live; the folder files in DATA_DIR where nothing is set.'),
    S3_BUCKET: z
      .string()
      .optional()
      .describe(
        'Bucket of a service that speaks S3, in place of FILES_DIR; needed where several machines run.',
      ),
    S3_URL: z
      .url({ protocol: /^https?$/ })
      .optional()
      .describe('Address of that service; Amazon’s own where nothing is set.'),
    S3_REGION: z.string().default('us-east-1').describe('Region of the bucket.'),
    S3_ACCESS_KEY_ID: z
      .string()
      .optional()
      .describe('Key of the bucket; without it the role of the machine is used.'),
    S3_SECRET_ACCESS_KEY: z.string().optional().describe('Secret of S3_ACCESS_KEY_ID.'),
    S3_PATH_STYLE: flag
      .default(true)
      .describe('on: the bucket stands in the path of addresses; off: in their host name.'),
    DATABASE_URL: z
      .string()
      .optional()
      .describe('PostgreSQL ≥ 16 to use in place of the embedded one, as the role without DDL rights.'),
    DATABASE_OWNER_URL: z
      .string()
      .optional()
      .describe('The same database as its owner, for migrations; DATABASE_URL where nothing is set.'),
    DATABASE_POOL: z.coerce
      .number()
      .int()
      .min(2)
      .max(200)
      .default(10)
      .describe('Connections to PostgreSQL per process.'),
    REDIS_URL: csv
      .pipe(z.array(z.url({ protocol: /^rediss?$/ })).min(1))
      .optional()
      .describe(
        'redis://:password@host:port (rediss:// for TLS), needed for more than one gateway. Several, separated by commas, are one Redis Cluster. Redis ≥ 7.',
      ),
    SECRET_KEY: z
      .string()
      .min(32)
      .optional()
      .describe('Signs tokens; the same on all nodes. Made and kept in DATA_DIR where nothing is set.'),
    SESSION_MAX_DAYS: z.coerce
      .number()
      .int()
      .min(1)
      .max(400)
      .default(90)
      .describe(
        'After how many days whoever stays signed in must sign in anew, however often they come back. Without use a login session ends after 30 days.',
      ),
    STAFF_SECOND_FACTOR: flag
      .default(true)
      .describe(
        'on: what moderators and admins may do waits until they have two-step verification or a passkey, which they are asked for at every sign-in; off: their password is enough.',
      ),
    FORMER_SECRET_KEYS: csv
      .default([])
      .describe(
        'Secret keys used before SECRET_KEY, separated by commas: what they encrypted can still be read.',
      ),
    ...providerSettings,
    SMTP_URL: z
      .url()
      .optional()
      .describe('smtp://user:password@host:port; without it mails land in the development inbox.'),
    MAIL_FROM: z.string().default('Social Flow <no-reply@localhost>').describe('Sender of mails.'),
    SMS_URL: z
      .url({ protocol: /^https?$/ })
      .optional()
      .describe(
        'Where texts are handed to your SMS service: each is a POST of { "to", "text" } as JSON, with user:password of this address as basic authentication. Without it texts land in the development inbox, and where mails are really sent there are no telephone numbers.',
      ),
    DEV_INBOX: z
      .enum(['auto', 'on', 'off'])
      .default('auto')
      .describe(
        'Who may read the development inbox: auto shows it to this machine and to admins, on to everybody who reaches the server.',
      ),
    TLS_CERT_FILE: z
      .string()
      .optional()
      .describe('PEM certificate; with TLS_KEY_FILE both listeners speak HTTPS.'),
    TLS_KEY_FILE: z.string().optional().describe('PEM key of TLS_CERT_FILE.'),
    LOG_LEVEL: z
      .enum(['debug', 'info', 'warn', 'error', 'silent'])
      .default('info')
      .describe('Least severe log lines that are written.'),
    MEDIASOUP_WORKER_BIN: z
      .string()
      .optional()
      .describe('A mediasoup worker binary to use in place of the one found or built.'),
    MEDIA_WORKER_BUILD: flag.default(true).describe('off: never download or compile a mediasoup worker.'),
    XDG_CACHE_HOME: z
      .string()
      .optional()
      .describe(
        'Where a compiled mediasoup worker is kept, in a folder of ours; ~/.cache where nothing is set.',
      ),
    MEDIA_WORKERS: z.coerce
      .number()
      .int()
      .min(1)
      .max(64)
      .default(availableParallelism())
      .describe('SFU workers; one per core by default.'),
    MEDIA_LISTEN_IP: z
      .string()
      .optional()
      .describe('Only address that the SFU binds; all of this machine by default.'),
    MEDIA_ANNOUNCED_ADDRESS: z
      .string()
      .optional()
      .describe('Address that browsers reach the SFU under, where it is not its own (NAT, containers).'),
    MEDIA_PORT: port(40_000).describe(
      'UDP and TCP port of the first SFU worker; each further one takes the next. 0 takes free ones.',
    ),
    MEDIA_ICE_SERVERS: z
      .string()
      .default('[]')
      .transform((value, ctx) => {
        try {
          return z
            .array(
              z.object({
                urls: z.array(z.string()),
                username: z.string().optional(),
                credential: z.string().optional(),
              }),
            )
            .parse(JSON.parse(value))
        } catch {
          ctx.addIssue({
            code: 'custom',
            message: 'must be a JSON list of { urls: [...], username?, credential? }',
          })
          return z.NEVER
        }
      })
      .describe('STUN and TURN servers for browsers, as JSON.'),
    MEDIA_CONTROL_PORT: port(3002).describe('Where a media-only node listens for its gateways.'),
    MEDIA_NODES: csv
      .default([])
      .describe('Addresses of media-only nodes (http://host:3002), for a gateway without the media role.'),
    MEDIA_SECRET: z
      .string()
      .min(32)
      .optional()
      .describe('Shared by gateways and media-only nodes; SECRET_KEY where nothing is set.'),
    ...videoSettings,
    BROADCAST_GRACE_SECONDS: z.coerce
      .number()
      .int()
      .min(5)
      .max(3600)
      .default(60)
      .describe('How long an interrupted broadcast waits for its sender.'),
    DRAIN_SECONDS: z.coerce
      .number()
      .min(0)
      .max(300)
      .optional()
      .describe(
        'For how long a process that ends sends its sockets away, one after the other, and goes on answering requests, so that a proxy notices; 5 with REDIS_URL. Give it 25 seconds more before it is killed.',
      ),
    CRASH_POINT: z.string().optional().describe('For tests: the process kills itself at this named point.'),
  })
  .superRefine((value, ctx) => {
    if ((value.TLS_CERT_FILE === undefined) !== (value.TLS_KEY_FILE === undefined)) {
      ctx.addIssue({ code: 'custom', path: ['TLS_CERT_FILE'], message: 'and TLS_KEY_FILE go together' })
    }
    for (const problem of [...providerProblems(value), ...cdnProblems(value)])
      ctx.addIssue({ code: 'custom', ...problem })
    if ((value.S3_ACCESS_KEY_ID === undefined) !== (value.S3_SECRET_ACCESS_KEY === undefined)) {
      ctx.addIssue({
        code: 'custom',
        path: ['S3_ACCESS_KEY_ID'],
        message: 'and S3_SECRET_ACCESS_KEY go together',
      })
    }
    if (value.S3_URL !== undefined && value.S3_BUCKET === undefined) {
      ctx.addIssue({ code: 'custom', path: ['S3_URL'], message: 'needs S3_BUCKET' })
    }
  })

export type Config = Readonly<z.output<typeof Settings>>

/** All problems of a configuration at once, each a sentence. */
export class ConfigError extends Error {
  override name = 'ConfigError'
  readonly problems: readonly string[]
  constructor(problems: readonly string[]) {
    super(
      `The settings have ${problems.length === 1 ? 'a problem' : 'problems'}:\n${problems.map((line) => `  - ${line}`).join('\n')}`,
    )
    this.problems = problems
  }
}

/** Reads and checks the settings; an empty variable counts as not set. Throws `ConfigError` with every problem. */
export function readConfig(env: Readonly<Record<string, string | undefined>>): Config {
  const given = Object.fromEntries(
    Object.entries(env).filter(([, value]) => value !== undefined && value !== ''),
  )
  const parsed = Settings.safeParse(given)
  if (parsed.success) return Object.freeze(parsed.data)
  throw new ConfigError(
    parsed.error.issues.map(
      (issue) => `${String(issue.path[0] ?? 'Settings')} ${lowerFirst(issue.message)}.`,
    ),
  )
}

const lowerFirst = (text: string) => text.charAt(0).toLowerCase() + text.slice(1).replace(/\.$/, '')

/** With others to go to: a proxy that asks every second or two has noticed, and a node's sockets arrive spread. */
const DRAIN_WITH_OTHERS_MS = 5000
/** A node that is alone has nobody to send its sockets to; they are only kept from coming back all at once. */
const DRAIN_ALONE_MS = 1000

/** Over how long sockets are sent away, and for how long requests are still taken meanwhile. */
export function drainTimes({ DRAIN_SECONDS, REDIS_URL }: Config): { spreadMs: number; lingerMs: number } {
  if (DRAIN_SECONDS !== undefined) return { spreadMs: DRAIN_SECONDS * 1000, lingerMs: DRAIN_SECONDS * 1000 }
  return REDIS_URL
    ? { spreadMs: DRAIN_WITH_OTHERS_MS, lingerMs: DRAIN_WITH_OTHERS_MS }
    : { spreadMs: DRAIN_ALONE_MS, lingerMs: 0 }
}

/** Folder of the embedded PostgreSQL within DATA_DIR. */
export const embeddedDatabaseDir = (config: Config) => join(config.DATA_DIR, 'postgres')
