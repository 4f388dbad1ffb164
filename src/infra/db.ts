import { type SQL, sql } from 'drizzle-orm'
import { drizzle, type PostgresJsDatabase } from 'drizzle-orm/postgres-js'
import postgres from 'postgres'
import * as schema from '../../drizzle/schema/index.ts'
import type { Logger } from '../core/log.ts'
import { reconnectSeconds } from './postgres/reconnect.ts'

type Orm = PostgresJsDatabase<typeof schema>
type OrmTx = Parameters<Parameters<Orm['transaction']>[0]>[0]

declare const transactional: unique symbol
/** A transaction; only `withTx` hands one out, so a function that takes it can't write outside of one. */
export type Tx = OrmTx & {
  readonly [transactional]: true
  /** Runs once the transaction is committed; never when it was rolled back. It must not throw and must not wait. */
  afterCommit(effect: () => void): void
}

export type Database = {
  /** Reads, and single statements that need no transaction. */
  orm: Orm
  /**
   * A statement of a hot path, whose text never changes: each connection parses and plans it once. Values are $1, $2 …;
   * where a type does not follow from its place, the text says it.
   */
  statement<Row>(text: string, values: readonly (string | number)[]): Promise<Row[]>
  /** Runs `work` in a transaction; serialization failures and deadlocks are tried again, so `work` must be repeatable. */
  withTx<T>(work: (tx: Tx) => Promise<T>): Promise<T>
  /** One round trip, for readiness. Throws when there is none within `timeoutMs`. */
  ping(timeoutMs: number): Promise<void>
  [Symbol.asyncDispose](): Promise<void>
}

/** The database's time at the beginning of a statement, ms since 1970: what it reads is not older. */
export const AS_OF_MS = sql<number>`(extract(epoch from statement_timestamp()) * 1000)::float8`

/** Names of our own as SQL text. */
export const listOf = (names: readonly string[]): SQL => sql.raw(names.map((name) => `'${name}'`).join(', '))

/** serialization_failure and deadlock_detected: PostgreSQL asks for another try (manual, 13.5). */
const RETRYABLE = new Set(['40001', '40P01'])
const TX_ATTEMPTS = 4
/** Slower statements would hold a pooled connection longer than anybody waits for a page. */
const STATEMENT_TIMEOUT_MS = 15_000

type Deps = {
  url: string
  pool: number
  log: Logger
  /** STAFF_SECOND_FACTOR; where nothing is said, statements go by its default. */
  isStaffSecondFactorAsked?: boolean
}

/** Opens the pool. Connections are made on demand; `url` names role and database. */
export function openDatabase(deps: Deps): Database {
  const client = postgres(deps.url, {
    max: deps.pool,
    backoff: reconnectSeconds,
    onnotice: (notice) => deps.log.debug({ notice }, 'PostgreSQL notice'),
    connection: {
      ...{ application_name: 'social-flow', statement_timeout: STATEMENT_TIMEOUT_MS },
      // Asked for by src/infra/access/rights/staff.ts.
      ...(deps.isStaffSecondFactorAsked === false && { 'social_flow.staff_second_factor': 'off' }),
    },
  })
  const orm = drizzle(client, { schema })
  return {
    orm,
    statement: async <Row>(text: string, values: readonly (string | number)[]) =>
      (await client.unsafe(text, [...values], { prepare: true })) as unknown as Row[],
    withTx: (work) => withRetry(() => runTx(orm, work)),
    ping: (timeoutMs) => ping(client, timeoutMs),
    [Symbol.asyncDispose]: () => client.end({ timeout: 5 }),
  }
}

async function runTx<T>(orm: Orm, work: (tx: Tx) => Promise<T>): Promise<T> {
  const effects: (() => void)[] = []
  const result = await orm.transaction((inner) => {
    const tx = Object.assign(inner, { afterCommit: (effect: () => void) => void effects.push(effect) })
    return work(tx as unknown as Tx)
  })
  for (const effect of effects) effect()
  return result
}

async function withRetry<T>(run: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await run()
    } catch (error) {
      if (attempt === TX_ATTEMPTS || !RETRYABLE.has(sqlState(error) ?? '')) throw error
      await new Promise((resolve) => setTimeout(resolve, attempt * 10 + Math.random() * 20))
    }
  }
}

/** The query is not cancelled: postgres.js would connect anew for that, and an error of that connection ends the process. */
async function ping(client: postgres.Sql, timeoutMs: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_resolve, reject) => {
    const tooLate = () => reject(new Error(`The database did not answer within ${timeoutMs} ms.`))
    timer = setTimeout(tooLate, timeoutMs)
  })
  try {
    await Promise.race([client`select 1`, late])
  } finally {
    clearTimeout(timer)
  }
}

/** SQLSTATE of a failed query, whichever layer wrapped it; undefined for other errors. */
export function sqlState(error: unknown): string | undefined {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    const { code } = cause as Error & { code?: unknown }
    if (typeof code === 'string' && code.length === 5) return code
  }
  return undefined
}
