import { randomUUID } from 'node:crypto'
import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createChatRepo, type NewLine } from '../../src/features/chat/chat.repo.ts'
import { type Database, openDatabase } from '../../src/infra/db.ts'
import { createLog } from '../../src/infra/log/log.ts'
import { createTestDatabase } from '../support/postgres.ts'

const PEOPLE = 2000
const LINES = 3000
/** As many as a busy chat writes at once. */
const BATCH = 50
/** PostgreSQL keeps one plan for all values from the sixth time on (plancache.c), which is the one that can grow old. */
const UNTIL_PLAN_IS_KEPT = 10

const people = Array.from({ length: PEOPLE }, () => randomUUID())
const streamId = randomUUID()
const log = createLog({ LOG_LEVEL: 'error' })
let own: Awaited<ReturnType<typeof createTestDatabase>>
/** One connection each, as plans are a connection's own. */
let early: Database
const open = () => openDatabase({ url: own.appUrl, pool: 1, log })

const line = (nth: number): NewLine => {
  const id = people[nth % PEOPLE] ?? expect.fail('There is nobody.')
  const author = { id, handle: 'old', displayName: 'As it was', avatar: null }
  return { id: randomUUID(), clientId: randomUUID(), author, text: `Line ${nth}`, inputHash: 'a'.repeat(64) }
}
const linesFrom = (first: number, count: number) => Array.from({ length: count }, (_, i) => line(first + i))

async function join(db: Database, first: number, count: number): Promise<void> {
  const ids = JSON.stringify(people.slice(first, first + count))
  await db.orm.execute(sql`
    insert into users (id, handle, display_name) select id::uuid, 'p_' || right(id, 12), 'Somebody'
    from jsonb_array_elements_text(${ids}::text::jsonb) as t(id)`)
}

/** Rows that reads of whole tables went through so far. */
async function rowsReadInOrder(db: Database): Promise<Record<string, number>> {
  await db.orm.execute(sql`select pg_stat_force_next_flush()`)
  const rows = await db.orm.execute<{ name: string; count: number }>(sql`
    select relname as name, seq_tup_read::float8 as count from pg_stat_user_tables
    where schemaname = 'public' and relname in ('users', 'idempotency_keys')`)
  return Object.fromEntries(rows.map(({ name, count }) => [name, count]))
}

beforeAll(async () => {
  own = await createTestDatabase()
  early = open()
  await join(early, 0, 20)
  await early.orm.execute(sql`insert into streams (id, owner_id) values (${streamId}, ${people[0]})`)
  await early.orm.execute(sql`
    insert into topic_heads (topic, epoch, seq) values (${`chat:${streamId}`}, 'epoch', 0) on conflict do nothing`)
  const repo = createChatRepo(early)
  for (let i = 0; i < UNTIL_PLAN_IS_KEPT; i++) await repo.write(streamId, [line(i)])
  await join(early, 20, PEOPLE - 20)
  for (let i = 0; i < LINES; i += BATCH) await repo.write(streamId, linesFrom(i, BATCH))
})
afterAll(async () => {
  await early[Symbol.asyncDispose]()
  await own[Symbol.asyncDispose]()
})

test.each([
  ['planned while there was next to nothing', () => early, false],
  ['planned without figures of the tables', open, false],
  ['planned with figures of the tables', open, true],
])('a line %s finds its author and its repeats by index', async (_when, connect, isAnalyzed) => {
  const db = connect()
  // Only the owner of a table may have its figures taken.
  if (isAnalyzed) {
    await using owner = openDatabase({ url: own.ownerUrl, pool: 1, log })
    await owner.orm.execute(sql`analyze users, idempotency_keys`)
  }
  const repo = createChatRepo(db)
  const before = await rowsReadInOrder(db)
  for (let i = 0; i < 2 * UNTIL_PLAN_IS_KEPT; i++) {
    const fresh = linesFrom(i * BATCH, i % 2 ? BATCH : 1)
    const written = await repo.write(streamId, fresh)
    expect(written.map(({ outcome, message }) => [outcome, message?.author.displayName])).toEqual(
      fresh.map(() => ['new', 'Somebody']),
    )
    const again = await repo.write(streamId, fresh)
    expect(new Set(again.map(({ outcome }) => outcome))).toEqual(new Set(['repeat']))
  }
  expect(await rowsReadInOrder(db)).toEqual(before)
  if (db !== early) await db[Symbol.asyncDispose]()
})
