import { and, eq, inArray, isNull, ne, not, type SQL, sql } from 'drizzle-orm'
import { type PersonRow as CardRow, personColumns } from '../../../drizzle/schema/accounts.ts'
import { accountSanctions, credentials, users } from '../../../drizzle/schema/index.ts'
import type { Place } from '../../core/paging/cursor.ts'
import type { ViewerRole } from '../../core/viewer.ts'
import type { Database, Tx } from '../../infra/db.ts'

type Reader = Database['orm'] | Tx
export type SanctionRow = Pick<
  typeof accountSanctions.$inferSelect,
  'kind' | 'reason' | 'until' | 'createdAt'
>
export type PersonRow = CardRow & {
  role: ViewerRole
  createdAt: Date
  mail: string | null
  sanction: SanctionRow | null
}

const { kind, reason, until, createdAt } = accountSanctions
const isInForce = sql`(${until} is null or ${until} > now())`

const people = (db: Reader) =>
  db
    .select({
      ...{ ...personColumns, role: users.role },
      ...{ createdAt: users.createdAt, mail: credentials.email },
      sanction: { kind, reason, until, createdAt },
    })
    .from(users)
    .leftJoin(credentials, eq(credentials.userId, users.id))
    .leftJoin(accountSanctions, and(eq(accountSanctions.accountId, users.id), isInForce))
    .$dynamic()

/** An account with what stands against it; undefined when it does not exist or is deleted. */
export async function findPerson(db: Reader, accountId: string): Promise<PersonRow | undefined> {
  const [row] = await people(db).where(and(eq(users.id, accountId), isNull(users.deletedAt)))
  return row
}

type Search = { search: string | undefined; byMail: boolean; from: Place | undefined; limit: number }

/** Accounts whose handle, name or (`byMail`) mail address begins with the search, the newest first. */
export async function searchPeople(db: Reader, wanted: Search): Promise<PersonRow[]> {
  const found = await db.execute<{ id: string }>(wanted.search ? idsOfFound(wanted) : idsOfAll(wanted))
  const ids = found.map(({ id }) => id)
  return people(db).where(inArray(users.id, ids)).orderBy(newestFirst)
}

/** In whole milliseconds, as cursors are; the same expression as that of `users_newest_idx`. */
const madeAt = sql`date_trunc('milliseconds', ${users.createdAt} at time zone 'UTC')`
const newestFirst = sql`${madeAt} desc, ${users.id} desc`

const isInPage = (from: Place | undefined): SQL =>
  from
    ? sql`${users.deletedAt} is null and (${madeAt}, ${users.id})
        < (${from.at.toISOString()}::timestamptz at time zone 'UTC', ${from.id}::uuid)`
    : sql`${users.deletedAt} is null`

const idsOfAll = ({ from, limit }: Search): SQL => sql`
  select ${users.id} as id from ${users} where ${isInPage(from)} order by ${newestFirst} limit ${limit}`

/**
 * What begins so is found by the three indexes first and put into its order then: a walk through all accounts in that order
 * until a page is full would read all of them for a rare name. `offset 0` keeps the planner from joining whole tables.
 */
const idsOfFound = ({ search = '', byMail, from, limit }: Search): SQL => sql`
  with found as materialized (
    select id from users where ${beginsWith(sql`handle`, search)}
    union select id from users where ${beginsWith(sql`lower(display_name)`, search)}
    ${byMail ? sql`union select user_id from credentials where ${beginsWith(sql`email`, search)}` : sql``}
  )
  select one.id from found
    cross join lateral (
      select ${users.id} as id, ${madeAt} as made_at from ${users}
      where ${users.id} = found.id and ${isInPage(from)} offset 0
    ) one
  order by one.made_at desc, one.id desc limit ${limit}`

/** The last character that Unicode has: nothing that begins so comes after the beginning with it. */
const LAST_CHARACTER = '\u{10ffff}'

/**
 * As a range in the order of bytes rather than a pattern: plans that PostgreSQL keeps for all values use the index too, and
 * `%` and `_` mean themselves.
 */
const beginsWith = (column: SQL, search: string): SQL =>
  sql`(${column} ~>=~ lower(${search}::text) and ${column} ~<=~ (lower(${search}::text) || ${LAST_CHARACTER}::text))`

/** Writes what stands against an account from now on, in place of what stood before. */
export async function putSanction(
  tx: Tx,
  {
    forMs,
    ...values
  }: {
    accountId: string
    kind: SanctionRow['kind']
    reason: string
    imposedBy: string
    forMs: number | undefined
  },
): Promise<SanctionRow> {
  // In whole milliseconds, so that everybody is told the same end.
  const end =
    forMs === undefined
      ? sql`null`
      : sql`date_trunc('milliseconds', now() + make_interval(secs => ${forMs / 1000}))`
  const [row] = await tx
    .insert(accountSanctions)
    .values({ ...values, until: end })
    .onConflictDoUpdate({
      target: accountSanctions.accountId,
      set: {
        ...{ kind: values.kind, reason: values.reason, imposedBy: values.imposedBy },
        ...{ until: sql`excluded.until`, createdAt: sql`excluded.created_at` },
      },
    })
    .returning({ kind, reason, until, createdAt })
  if (!row) throw new Error('A sanction was not written.')
  return row
}

export async function removeSanction(tx: Tx, accountId: string): Promise<void> {
  await tx.delete(accountSanctions).where(eq(accountSanctions.accountId, accountId))
}

/** Gives an account a role; answers false where it has that already. */
export async function setRole(tx: Tx, accountId: string, role: ViewerRole, now: Date): Promise<boolean> {
  const changed = await tx
    .update(users)
    .set({ role, updatedAt: now })
    .where(and(eq(users.id, accountId), ne(users.role, role)))
    .returning({ id: users.id })
  return changed.length > 0
}

/** Those who stay: whoever waits to be deleted governs nothing. */
export async function countAdmins(tx: Tx): Promise<number> {
  const isLeaving = sql`exists (select 1 from account_deletions d where d.account_id = ${users.id})`
  return tx.$count(users, and(eq(users.role, 'admin'), isNull(users.deletedAt), not(isLeaving)))
}

/** Makes changes of roles wait for each other until the transaction ends. */
export async function lockRoles(tx: Tx): Promise<void> {
  await tx.execute(sql`select pg_advisory_xact_lock(hashtextextended('roles', 0))`)
}
