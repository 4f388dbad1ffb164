import { and, eq, ilike, isNull, ne, not, or, type SQL, sql } from 'drizzle-orm'
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
export async function searchPeople(
  db: Reader,
  { search, byMail, from, limit }: Search,
): Promise<PersonRow[]> {
  return people(db)
    .where(
      and(
        isNull(users.deletedAt),
        search ? beginsWith(search, byMail) : undefined,
        from && sql`(${madeAt}, ${users.id}) < (${from.at.toISOString()}::timestamptz, ${from.id}::uuid)`,
      ),
    )
    .orderBy(sql`${madeAt} desc, ${users.id} desc`)
    .limit(limit)
}

/** In whole milliseconds, as cursors are. */
const madeAt = sql`date_trunc('milliseconds', ${users.createdAt})`

function beginsWith(search: string, byMail: boolean): SQL | undefined {
  // A person who looks for `50%_off` means these characters.
  const pattern = `${search.replace(/[\\%_]/g, '\\$&')}%`
  return or(
    ilike(users.handle, pattern),
    ilike(users.displayName, pattern),
    byMail ? ilike(credentials.email, pattern) : undefined,
  )
}

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
