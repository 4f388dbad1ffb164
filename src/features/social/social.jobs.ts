import { sql } from 'drizzle-orm'
import { z } from 'zod'
import type { Logger } from '../../core/log.ts'
import type { Database } from '../../infra/db.ts'
import { defineJob, handleJob, type JobHandler } from '../../infra/jobs.ts'

/** It comes again by itself the next day. */
const recount = defineJob({ name: 'social.recount', payload: z.unknown(), maxAttempts: 3 })
/** Once a day at a quiet hour, away from other jobs. */
const CRON = '11 4 * * *'
/** Rows that one statement compares: far below the statement timeout, also where each has many links. */
const CHUNK_ROWS = 500

/** A counter on a row, and the number it must be. */
const COUNTERS = [
  {
    name: 'users.followers_count',
    table: sql`users`,
    column: sql`followers_count`,
    truth: sql`(select count(*)::int from follows f where f.followee_id = t.id)`,
  },
  {
    name: 'users.following_count',
    table: sql`users`,
    column: sql`following_count`,
    truth: sql`(select count(*)::int from follows f where f.follower_id = t.id)`,
  },
  {
    name: 'broadcasts.likes_count',
    table: sql`broadcasts`,
    column: sql`likes_count`,
    truth: sql`(select count(*)::int from broadcast_likes l where l.broadcast_id = t.id)`,
  },
] as const

type CounterOf = (typeof COUNTERS)[number]

export const socialJobs = ({ db, log }: { db: Database; log: Logger }): JobHandler[] => [
  handleJob(
    recount,
    async () => {
      for (const counter of COUNTERS) {
        const corrected = await recountAll(db, counter)
        // Every write counts what it changed, so that one that is wrong is a fault somewhere.
        if (corrected > 0)
          log.warn({ counter: counter.name, corrected }, 'Counters were wrong and are right again')
      }
    },
    CRON,
  ),
]

/** Proves one counter on all rows; answers how many were wrong. */
async function recountAll(db: Database, { table, column, truth }: CounterOf): Promise<number> {
  let corrected = 0
  for (let after = '00000000-0000-0000-0000-000000000000'; ; ) {
    const rows = await db.orm.execute<{ id: string; wrong: boolean }>(sql`
      select t.id, t.${column} <> ${truth} as wrong from ${table} t
      where t.id > ${after}::uuid order by t.id limit ${CHUNK_ROWS}`)
    for (const { id, wrong } of rows)
      if (wrong && (await correct(db, id, { table, column, truth }))) corrected++
    const last = rows.at(-1)
    if (!last || rows.length < CHUNK_ROWS) return corrected
    after = last.id
  }
}

/**
 * Counts again under the row's lock, as links may have come and gone since: whoever writes one is counted here once it
 * is committed, or waits for the lock and counts itself.
 */
async function correct(db: Database, id: string, { table, column, truth }: Omit<CounterOf, 'name'>) {
  return db.withTx(async (tx) => {
    await tx.execute(sql`select 1 from ${table} t where t.id = ${id} for no key update`)
    const changed = await tx.execute(sql`
      update ${table} t set ${column} = ${truth} where t.id = ${id} and t.${column} <> ${truth} returning 1`)
    return changed.length > 0
  })
}
