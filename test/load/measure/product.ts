import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import postgres from 'postgres'
import { newId } from '../../../src/core/ids.ts'
import { createDisposal, type Disposal } from '../../../src/core/running/disposal.ts'
import { createLog } from '../../../src/infra/log/log.ts'
import { startEmbeddedPostgres } from '../../../src/infra/postgres/embedded.ts'
import { migrate } from '../../../src/infra/postgres/migrate.ts'
import { makeRoles } from '../../../src/infra/postgres/prepare.ts'
import { CROWD_SECRET, type CrowdMember, createCrowd } from '../../support/crowd.ts'
import { freePort } from '../../support/free-port.ts'
import { productConversation } from '../swarm/conversation.ts'
import { BENCH_DIR, type Program, readyMessage, SERVER_CORE, startProgram } from './program.ts'
import { type BenchRedis, startBenchRedis } from './redis.ts'
import type { System } from './system.ts'

type Options = {
  /** With more than one, they share topics over a Redis. */
  gateways: number
  /** Signed-in people; each may say 20 lines in 10 s and join 120 times a minute. */
  accounts: number
  /** Writes a CPU profile of each gateway to dist/bench/profiles when it ends. */
  isProfiled?: boolean
  /** Further settings of all nodes. */
  env?: Readonly<Record<string, string>>
  /** Further settings of PostgreSQL, as `name=value`. */
  postgres?: readonly string[]
}

export type ProductNode = {
  readonly program: Program
  url: string
  socketPort: number
  /** Starts it again where it was, once it has ended. */
  restart(): Promise<void>
}

/** The product: `npm start`'s bundle as several gateways, with a stream whose chat everybody may join. */
export type Product = System & {
  nodes: readonly ProductNode[]
  streamId: string
  database: Database
  /** The accounts, in the order of `tokens`. */
  crowd: readonly CrowdMember[]
  redis: BenchRedis | undefined
}

type Database = {
  appUrl: string
  ownerUrl: string
  /** The first process of the PostgreSQL server; its work is not counted as the gateways', but told. */
  pid: number
}

const CHAT_ONLY = (streamId: string) => [`chat:${streamId}`]

/** `topicsOf`: what each client joins, by the id of the stream; its chat where nothing is said. */
export async function startProduct(
  { gateways, accounts, isProfiled = false, env = {}, postgres: postgresSettings = [] }: Options,
  topicsOf: (streamId: string) => readonly string[] = CHAT_ONLY,
): Promise<Product> {
  await promisify(execFile)(process.execPath, ['scripts/build.mjs', 'server'])
  const started = createDisposal((error) => console.error(error))
  try {
    const database = await startDatabase(started, postgresSettings)
    const redis = gateways > 1 ? started.use(await startBenchRedis()) : undefined
    const settings = {
      ROLES: 'gateway,http',
      HOST: '127.0.0.1',
      LOG_LEVEL: 'warn',
      SECRET_KEY: CROWD_SECRET,
      DATABASE_URL: database.appUrl,
      DATABASE_OWNER_URL: database.ownerUrl,
      ...(redis && { REDIS_URL: redis.url }),
      ...env,
    }
    const nodes: ProductNode[] = []
    for (let i = 0; i < gateways; i++) nodes.push(await startNode(settings, isProfiled, started))
    const crowd = await createCrowd({ database }, accounts)
    const streamId = await createStream(database.appUrl, crowd[0]?.id ?? '')
    return {
      name: 'Social Flow',
      ports: nodes.map(({ socketPort }) => socketPort),
      servers: [
        ...nodes.map(({ program }, i) => ({ name: `gateway ${i + 1}`, pid: program.pid })),
        ...(redis ? [{ name: 'Redis', pid: redis.program.pid }] : []),
      ],
      conversation: productConversation(topicsOf(streamId), streamId),
      tokens: () => Promise.all(crowd.map((member) => member.token())),
      ...{ nodes, streamId, database, crowd, redis },
      [Symbol.asyncDispose]: () => started[Symbol.asyncDispose](),
    }
  } catch (error) {
    await started[Symbol.asyncDispose]()
    throw error
  }
}

/** A migrated database with the settings of a production server: each commit waits for the disk. */
async function startDatabase(started: Disposal, settings: readonly string[]): Promise<Database> {
  const dir = await temporaryFolder(started)
  const log = createLog({ LOG_LEVEL: 'error' })
  const server = started.use(await startEmbeddedPostgres({ dir: join(dir, 'postgres'), log, settings }))
  const urls = await makeRoles(server.adminUrl, 'bench')
  await migrate({ ...urls, migrationsDir: 'drizzle/migrations', log })
  const pid = Number((await readFile(join(dir, 'postgres/postmaster.pid'), 'utf8')).split('\n')[0])
  return { ...urls, pid }
}

async function startNode(
  settings: Readonly<Record<string, string>>,
  isProfiled: boolean,
  started: Disposal,
): Promise<ProductNode> {
  const [httpPort, socketPort] = [await freePort(), await freePort()]
  const env = {
    ...settings,
    PORT: String(httpPort),
    SOCKET_PORT: String(socketPort),
    DATA_DIR: await temporaryFolder(started),
  }
  const args = [...(isProfiled ? PROFILING : []), 'dist/server/main.js']
  const launch = () => startProgram({ command: process.execPath, args, env, core: SERVER_CORE })
  let program = launch()
  started.defer(() => program.end('SIGTERM'))
  await readyMessage(program)
  return {
    url: `http://127.0.0.1:${httpPort}`,
    socketPort,
    get program() {
      return program
    },
    async restart() {
      program = launch()
      await readyMessage(program)
    },
  }
}

const PROFILING = ['--cpu-prof', '--cpu-prof-dir', `${BENCH_DIR}/profiles`]

async function temporaryFolder(started: Disposal): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), 'social-flow-bench-'))
  started.defer(() => rm(dir, { recursive: true, force: true }))
  return dir
}

/** The live page of an account and the head of its chat, as registering makes them. */
async function createStream(databaseUrl: string, ownerId: string): Promise<string> {
  const id = newId()
  const sql = postgres(databaseUrl, { max: 1 })
  await sql`insert into streams ${sql({ id, owner_id: ownerId })}`
  await sql`insert into topic_heads ${sql({ topic: `chat:${id}`, seq: 0, epoch: id.slice(-12) })}`
  await sql.end()
  return id
}
