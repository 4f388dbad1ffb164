import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sql } from 'drizzle-orm'
import { users } from '../../drizzle/schema/accounts.ts'
import { type Config, readConfig } from '../../src/config.ts'
import { newId, type UserId } from '../../src/core/ids.ts'
import { DAY_MS, sleep } from '../../src/core/time.ts'
import { accountJobs } from '../../src/features/accounts/accounts.jobs.ts'
import { createPasswords, type Passwords } from '../../src/features/accounts/accounts.passwords.ts'
import type { SecondStep } from '../../src/features/accounts/accounts.second-factor.ts'
import { createAccounts } from '../../src/features/accounts/accounts.service.ts'
import { createPhoneCodes } from '../../src/features/accounts/contacts/phone-codes.ts'
import { holdStanding } from '../../src/features/governance/governance.service.ts'
import { createInbox } from '../../src/features/inbox/inbox.service.ts'
import { createHttpServer, type HttpServerDeps } from '../../src/http/server.ts'
import { createLimits } from '../../src/infra/access/limits/limits.ts'
import { createLoginSessions } from '../../src/infra/access/login-sessions.ts'
import { isSecureSite } from '../../src/infra/access/origin.ts'
import { createSocketTokens } from '../../src/infra/access/tokens/socket-tokens.ts'
import { openDatabase } from '../../src/infra/db.ts'
import { openIncoming } from '../../src/infra/files/incoming.ts'
import { openStorage } from '../../src/infra/files/storage.ts'
import { startJobRunner } from '../../src/infra/job-runner/job-runner.ts'
import { createLog } from '../../src/infra/log/log.ts'
import { createSecurityLog } from '../../src/infra/log/security-log.ts'
import { createMetrics } from '../../src/infra/metrics.ts'
import { createRequestLocks } from '../../src/infra/postgres/request-locks.ts'
import {
  createServices as createAllServices,
  emptyPresence,
  nobodyOnline,
  silentTopics,
} from '../../src/roles/services.ts'
import { createTestDatabase } from '../support/postgres.ts'

export type HttpApp = Awaited<ReturnType<typeof startHttpApp>>
type Options = {
  env?: Record<string, string>
  webRoot?: string
  tls?: HttpServerDeps['tls']
  /** The services' way to PostgreSQL, where a test wants to cut it. */
  databaseUrl?: (url: string) => Promise<string>
  ready?: () => ReturnType<HttpServerDeps['health']['ready']>
}

/** In place of SECRET_KEY. */
export const KEY = 'a key for tests, thirty-two characters'

/** A clock that a test can move forward; otherwise it tells the time. */
function movableClock() {
  const clock = { aheadMs: 0, nowMs: () => Date.now() + clock.aheadMs }
  return clock
}

/** Everything behind HTTP – a database of its own, the services, the job runner – and the listener on a free port. */
export async function startHttpApp(options: Options = {}) {
  const dir = await mkdtemp(join(tmpdir(), 'social-flow-http-'))
  const stack = disposables()
  stack.defer(() => rm(dir, { recursive: true, force: true }))
  const config = readConfig({
    DATA_DIR: dir,
    HOST: '127.0.0.1',
    PORT: '0',
    STAFF_SECOND_FACTOR: 'off',
    LOG_LEVEL: 'error',
    ...options.env,
  })
  const log = createLog(config)
  const { appUrl } = stack.use(await createTestDatabase())
  const db = stack.use(
    openDatabase({
      ...{ url: (await options.databaseUrl?.(appUrl)) ?? appUrl, pool: 10, log },
      isStaffSecondFactorAsked: config.STAFF_SECOND_FACTOR,
    }),
  )
  stack.defer(() => jobConnectionsGone(db))
  const storage = await openStorage(config)
  const locks = stack.use(createRequestLocks({ url: appUrl, log }))
  const files = { storage, incoming: await openIncoming({ config, storage, locks }) }
  const services = createServices(config, db, files)
  const handlers = accountJobs({ ...services, mailer: services.inbox, sms: services.inbox })
  stack.use(await startJobRunner({ url: appUrl, handlers, log, concurrency: 2, observe() {} }))
  const http = stack.use(
    await createHttpServer({
      ...services,
      config,
      log,
      tls: options.tls,
      media: { status: () => ({ state: 'ready', message: 'Ready.', progress: null }) },
      health: { ready: options.ready ?? (async () => ({ status: 'ready', checks: {} })) },
      metrics: createMetrics(),
      documents: { openapi: { openapi: '3.1.0' }, asyncapi: { asyncapi: '3.0.0' } },
      webRoot: options.webRoot ?? join(dir, 'nothing'),
      version: '0.0.0-test',
      socketPort: () => 4567,
    }),
  )
  const sweep = handlers.find(({ spec }) => spec.name === 'accounts.sweep')
  return {
    ...services,
    port: http.port,
    server: http.server,
    baseUrl: `http${options.tls ? 's' : ''}://127.0.0.1:${http.port}`,
    /** How many jobs were ever enqueued. */
    async jobsCount() {
      const [row] = await db.orm.execute<{ count: number }>(
        sql`select pg_sequence_last_value(pg_get_serial_sequence('graphile_worker._private_jobs', 'id'))::int as count`,
      )
      return row?.count ?? 0
    },
    runSweep: async () => sweep?.run({} as never),
    [Symbol.asyncDispose]: stack.disposeAll,
  }
}

/** The job runner's stop does not wait until its connections are closed; dropping the database under them is an error. */
async function jobConnectionsGone({ orm }: ReturnType<typeof openDatabase>): Promise<void> {
  for (;;) {
    const [row] = await orm.execute<{ open: number }>(sql`select count(*)::int as open from pg_stat_activity
      where datname = current_database() and application_name <> 'social-flow'`)
    if (row?.open === 0) return
    await sleep(10)
  }
}

/** Ends what was begun, last first; Node 20 has no AsyncDisposableStack. */
function disposables() {
  const ends: (() => PromiseLike<void>)[] = []
  return {
    defer: (end: () => PromiseLike<void>) => void ends.push(end),
    use<T extends AsyncDisposable>(made: T): T {
      ends.push(() => made[Symbol.asyncDispose]())
      return made
    },
    async disposeAll() {
      for (const end of ends.reverse()) await end()
    },
  }
}

type Files = Pick<Parameters<typeof createAllServices>[0], 'storage' | 'incoming'>

function createServices(config: Config, db: ReturnType<typeof openDatabase>, files: Files) {
  const clock = movableClock()
  const hashing = { hashes: 0, verifies: 0 }
  const sessions = createLoginSessions({
    ...{ orm: db.orm, isSecure: isSecureSite(config), clock },
    maxLifeMs: config.SESSION_MAX_DAYS * DAY_MS,
  })
  const limits = createLimits()
  const log = createLog(config)
  const security = createSecurityLog(log, clock)
  const { streams, secondFactor, ...others } = createAllServices({
    ...{ config, limits, clock, db, ...files },
    ...{ topics: silentTopics, online: nobodyOnline, presence: emptyPresence },
    ...{ log, security, metrics: createMetrics(), key: KEY, cdn: undefined },
    closeMedia() {},
    endLogin() {},
    accountChanged() {},
    hearsOfRights: () => false,
    crashPoint() {},
  })
  const endedSessions: string[] = []
  const passwords = counting(createPasswords(), hashing)
  const phoneCodes = createPhoneCodes({ db, passwords, clock })
  /** Accounts that this server asks for a second factor. */
  const secondSteps = new Map<string, SecondStep>()
  const accounts = createAccounts({
    db,
    sessions,
    limits,
    clock,
    security,
    passwords,
    phoneCodes,
    secondFactor: {
      isOn: secondFactor.isOn,
      required: async (accountId, ...rest) =>
        secondSteps.get(accountId) ?? (await secondFactor.required(accountId, ...rest)),
    },
    createStream: streams.createFor,
    mustNotBeBanned: (tx, userId) => holdStanding(tx, userId, ['banned']),
    onSessionEnded: (publicId) => void endedSessions.push(publicId),
  })
  const socketTokens = createSocketTokens({ secretKey: KEY, clock })
  const inbox = createInbox({ db })
  return {
    ...others,
    ...{ config, db, clock, security, sessions, limits, storage: files.storage, streams, secondFactor },
    accounts,
    socketTokens,
    inbox,
    hashing,
    endedSessions,
    /** An account that nothing but a login link opens. */
    bareAccount: (role: 'member' | 'admin') =>
      db.withTx(async (tx) => {
        const id = newId<UserId>()
        await tx.insert(users).values({ id, handle: `bare_${id.slice(-12)}`, displayName: 'Bare', role })
        await streams.createFor(tx, id)
        return id
      }),
    phoneCodes,
    secondSteps,
  }
}

/** The real hashing, counted: equal work can be shown without looking at a watch. */
const counting = (passwords: Passwords, counts: { hashes: number; verifies: number }): Passwords => ({
  hash(password) {
    counts.hashes++
    return passwords.hash(password)
  },
  verify(stored, password) {
    counts.verifies++
    return passwords.verify(stored, password)
  },
})
