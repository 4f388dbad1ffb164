import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createAuditService } from '../../src/features/audit/audit.service.ts'
import { searchPeople } from '../../src/features/governance/people.repo.ts'
import { type Database, openDatabase } from '../../src/infra/db.ts'
import { createLog } from '../../src/infra/log/log.ts'
import { createTestDatabase } from '../support/postgres.ts'

const ACCOUNTS = 200_000
const LINES = 50_000
const PAGE_ROWS = 50
/** Fewer than a hundredth of what is there: a page, and what stands beside it. */
const ROWS_READ_MAX = 1500
/** PostgreSQL keeps one plan for all values from the sixth time on (plancache.c). */
const UNTIL_PLAN_IS_KEPT = 10

const log = createLog({ LOG_LEVEL: 'error' })
let own: Awaited<ReturnType<typeof createTestDatabase>>
/** One connection, as plans are a connection's own. */
let db: Database

beforeAll(async () => {
  own = await createTestDatabase()
  db = openDatabase({ url: own.appUrl, pool: 1, log })
  await db.orm.execute(sql`
    insert into users (id, handle, display_name, created_at)
    select gen_random_uuid(), 'p_' || n, (array['Ångström ', 'Мир ', 'Somebody '])[n % 3 + 1] || n,
      '2026-01-01'::timestamptz + n * interval '1 second'
    from generate_series(1, ${ACCOUNTS}) n`)
  await db.orm.execute(sql`
    insert into credentials (user_id, email) select id, handle || '@example.com' from users`)
  await db.orm.execute(sql`
    insert into audit_log (id, at, actor_id, action, subject_id)
    select gen_random_uuid(), '2026-01-01'::timestamptz + n * interval '1 second',
      (select id from users where handle = 'p_' || (n % 20 + 1)),
      case when n % 5000 = 0 then 'account.ban' else 'account.role' end,
      (select id from users where handle = 'p_' || (n % 500 + 100))
    from generate_series(1, ${LINES}) n`)
  await using owner = openDatabase({ url: own.ownerUrl, pool: 1, log })
  await owner.orm.execute(sql`analyze users, credentials, account_sanctions, audit_log`)
})
afterAll(async () => {
  await db[Symbol.asyncDispose]()
  await own[Symbol.asyncDispose]()
})

/** Rows that were read so far: of tables in their own order, and by indexes. */
async function rowsRead(): Promise<{ inOrder: number; byIndex: number }> {
  await db.orm.execute(sql`select pg_stat_force_next_flush()`)
  const [row] = await db.orm.execute<{ inOrder: number; byIndex: number }>(sql`
    select sum(seq_tup_read)::float8 as "inOrder", sum(idx_tup_fetch)::float8
        + (select sum(idx_tup_read)::float8 from pg_stat_user_indexes where schemaname = 'public') as "byIndex"
    from pg_stat_user_tables where schemaname = 'public' and relname <> 'account_sanctions'`)
  return row ?? expect.fail('There are no figures.')
}

/** What a read costs, once with a plan for these values and once with the plan that is kept. */
async function expectFewRowsFor(read: () => Promise<unknown>): Promise<void> {
  const before = await rowsRead()
  await read()
  const first = await rowsRead()
  for (let i = 0; i < UNTIL_PLAN_IS_KEPT; i++) await read()
  const last = await rowsRead()
  expect(last.inOrder - before.inOrder, 'read in order').toBe(0)
  expect(first.byIndex - before.byIndex, 'read by index').toBeLessThan(ROWS_READ_MAX)
  expect((last.byIndex - first.byIndex) / UNTIL_PLAN_IS_KEPT, 'by the kept plan').toBeLessThan(ROWS_READ_MAX)
}

describe('looking for people in 200 000 accounts', () => {
  const find = (search: string | undefined, from?: { at: Date; id: string }) =>
    searchPeople(db.orm, { search, byMail: true, from, limit: PAGE_ROWS + 1 })

  test.each([
    ['a handle', 'P_150123', ['p_150123']],
    ['a name', 'somebody 150122', ['p_150122']],
    ['a name in other letters', 'мир 150121', ['p_150121']],
    ['a mail address', 'p_150120@EXAMPLE', ['p_150120']],
    ['nobody', 'nobody is called so', []],
    ['a pattern', 'p_15012%', []],
  ])('by %s reads no more than what it finds', async (_by, search, expected) => {
    expect((await find(search)).map(({ handle }) => handle)).toEqual(expected)
    await expectFewRowsFor(() => find(search))
  })

  test('by a beginning that hundreds share tells the newest first, in pages', async () => {
    const first = await find('p_1999')
    const seen = first.map(({ handle }) => handle)
    expect(seen.slice(0, 2)).toEqual(['p_199999', 'p_199998'])
    const last = first.at(PAGE_ROWS - 1) ?? expect.fail('There is no page.')
    const second = await find('p_1999', { at: last.createdAt, id: last.id })
    expect(second[0]?.handle).toBe(seen.at(PAGE_ROWS))
    await expectFewRowsFor(() => find('p_1999'))
  })

  test('by nothing begins with the newest, and goes on after any', async () => {
    const first = await find(undefined)
    expect([first.length, first[0]?.handle]).toEqual([PAGE_ROWS + 1, `p_${ACCOUNTS}`])
    const middle = (await find('p_100000'))[0] ?? expect.fail('They are not there.')
    const from = { at: middle.createdAt, id: middle.id }
    expect((await find(undefined, from))[0]?.handle).toBe('p_99999')
    await expectFewRowsFor(() => find(undefined))
    await expectFewRowsFor(() => find(undefined, from))
  })
})

describe('the audit log', () => {
  const page = (filter: Parameters<ReturnType<typeof createAuditService>['page']>[0]) =>
    createAuditService({ db }).page(filter, { isNetworkShown: true })
  const AN_HOUR = { since: Date.parse('2026-01-01T05:00Z'), until: Date.parse('2026-01-01T06:00Z') }

  test.each([
    ['everything', {}, PAGE_ROWS],
    ['an action', { action: 'account.ban' } as const, LINES / 5000],
    ['who acted', { actor: 'p_7' }, PAGE_ROWS],
    ['whom it was done to', { subject: 'p_100' }, PAGE_ROWS],
    ['an hour', AN_HOUR, PAGE_ROWS],
    ['somebody of whom there is no line', { subject: 'p_199999' }, 0],
    ['nobody', { actor: 'nobody' }, 0],
    ['who acted, within an hour', { actor: 'p_8', ...AN_HOUR }, PAGE_ROWS],
  ])('filtered by %s reads no more than a page', async (_by, filter, count) => {
    const { entries, nextCursor } = await page(filter)
    expect(entries).toHaveLength(count)
    await expectFewRowsFor(() => page(filter))
    if (nextCursor) await expectFewRowsFor(() => page({ ...filter, cursor: nextCursor }))
  })
})
