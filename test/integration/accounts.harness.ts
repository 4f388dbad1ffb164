import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sql } from 'drizzle-orm'
import { type Config, readConfig } from '../../src/config.ts'
import { sleep } from '../../src/core/time.ts'
import { accountJobs } from '../../src/features/accounts/accounts.jobs.ts'
import { createPasswords, type Passwords } from '../../src/features/accounts/accounts.passwords.ts'
import { createAccounts } from '../../src/features/accounts/accounts.service.ts'
import { createInbox } from '../../src/features/inbox/inbox.service.ts'
import { createHttpServer, type HttpServerDeps } from '../../src/http/server.ts'
import { createLimits } from '../../src/infra/access/limits.ts'
import { createLoginSessions } from '../../src/infra/access/login-sessions.ts'
import { isSecureSite } from '../../src/infra/access/origin.ts'
import { createSocketTokens } from '../../src/infra/access/socket-tokens.ts'
import { openDatabase } from '../../src/infra/db.ts'
import { startJobRunner } from '../../src/infra/job-runner.ts'
import { createLog } from '../../src/infra/log.ts'
import { createMetrics } from '../../src/infra/metrics.ts'
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
    LOG_LEVEL: 'error',
    ...options.env,
  })
  const log = createLog(config)
  const { appUrl } = stack.use(await createTestDatabase())
  const db = stack.use(openDatabase({ url: (await options.databaseUrl?.(appUrl)) ?? appUrl, pool: 10, log }))
  stack.defer(() => jobConnectionsGone(db))
  const services = createServices(config, db)
  const handlers = accountJobs({ ...services, mailer: services.inbox })
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

function createServices(config: Config, db: ReturnType<typeof openDatabase>) {
  const clock = movableClock()
  const hashing = { hashes: 0, verifies: 0 }
  const sessions = createLoginSessions({ orm: db.orm, isSecure: isSecureSite(config) })
  const limits = createLimits()
  const all = createAllServices({
    ...{ config, limits, clock, db, topics: silentTopics, online: nobodyOnline, presence: emptyPresence },
    ...{ log: createLog(config), metrics: createMetrics() },
    closeMedia() {},
    endLogin() {},
    accountChanged() {},
    hearsOfRights: () => false,
    crashPoint() {},
  })
  const endedSessions: string[] = []
  const accounts = createAccounts({
    db,
    sessions,
    limits,
    clock,
    passwords: counting(createPasswords(), hashing),
    createStream: all.streams.createFor,
    mustNotBeBanned: async () => {},
    onSessionEnded: (publicId) => void endedSessions.push(publicId),
  })
  const socketTokens = createSocketTokens({ secretKey: 'a key for tests, thirty-two characters', clock })
  const inbox = createInbox({ db })
  return {
    ...all,
    config,
    db,
    clock,
    sessions,
    limits,
    accounts,
    socketTokens,
    inbox,
    hashing,
    endedSessions,
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
