import { and, desc, eq, isNull, lte, ne, sql } from 'drizzle-orm'
import {
  accountDeletions,
  accountExports,
  oneTimeTokens,
  reservedHandles,
  users,
} from '../../../drizzle/schema/index.ts'
import type { RouteResponse } from '../../contract/index.ts'
import { isHighest } from '../../core/access/permissions.ts'
import { AS_OF_MS, type Database, type Tx } from '../../infra/db.ts'

type Reader = Database['orm'] | Tx
export type ExportRow = typeof accountExports.$inferSelect
export type DeletionRow = typeof accountDeletions.$inferSelect
export type AccountData = RouteResponse<'getAccountData'>

export async function readData(db: Database, userId: string): Promise<{ data: AccountData; asOfMs: number }> {
  const rows = await db.orm
    .select({ made: accountExports, deletion: accountDeletions, asOfMs: AS_OF_MS })
    .from(users)
    .leftJoin(accountExports, eq(accountExports.userId, users.id))
    .leftJoin(accountDeletions, eq(accountDeletions.accountId, users.id))
    .where(eq(users.id, userId))
    .orderBy(desc(accountExports.createdAt), desc(accountExports.id))
    .limit(1)
  const [row] = rows
  return {
    data: {
      export: row?.made ? toExport(row.made) : null,
      deletion: row?.deletion ? toDeletion(row.deletion) : null,
    },
    asOfMs: row?.asOfMs ?? 0,
  }
}

/** The archive of an account that is not ready, locked. */
export async function findUnfinished(tx: Tx, userId: string): Promise<ExportRow | undefined> {
  const [row] = await tx
    .select()
    .from(accountExports)
    .where(and(eq(accountExports.userId, userId), ne(accountExports.state, 'ready')))
    .for('update')
  return row
}

/** Writes a new one, or answers undefined where somebody was first. */
export async function insertExport(tx: Tx, id: string, userId: string): Promise<ExportRow | undefined> {
  const [row] = await tx
    .insert(accountExports)
    .values({ id, userId, state: 'waiting' })
    .onConflictDoNothing()
    .returning()
  return row
}

export async function findExport(db: Reader, id: string): Promise<ExportRow | undefined> {
  const [row] = await db.select().from(accountExports).where(eq(accountExports.id, id))
  return row
}

/** Changes an archive that is not ready; answers undefined where it is, or is gone. */
export async function moveExport(
  db: Reader,
  id: string,
  changes: Partial<Pick<ExportRow, 'state' | 'stage' | 'percent' | 'sizeBytes' | 'expiresAt'>>,
): Promise<ExportRow | undefined> {
  const [row] = await db
    .update(accountExports)
    .set({ ...changes, updatedAt: sql`now()` })
    .where(and(eq(accountExports.id, id), ne(accountExports.state, 'ready')))
    .returning()
  return row
}

/** Removes archives of an account but one, and answers their ids. */
export async function removeOthers(tx: Tx, userId: string, exceptId: string): Promise<string[]> {
  const rows = await tx
    .delete(accountExports)
    .where(and(eq(accountExports.userId, userId), ne(accountExports.id, exceptId)))
    .returning({ id: accountExports.id })
  return rows.map(({ id }) => id)
}

/** Removes archives that expired by `now`, at most `limit`, and answers them. */
export async function removeExpired(tx: Tx, now: Date, limit: number) {
  const due = tx
    .select({ id: accountExports.id })
    .from(accountExports)
    .where(lte(accountExports.expiresAt, now))
    .limit(limit)
    .for('update', { skipLocked: true })
  return await tx
    .delete(accountExports)
    .where(sql`${accountExports.id} in (${due})`)
    .returning({ id: accountExports.id, userId: accountExports.userId })
}

/** Writes that an account is to be deleted; answers undefined where that was asked for before. */
export async function insertDeletion(tx: Tx, accountId: string, eraseAt: Date) {
  const [row] = await tx
    .insert(accountDeletions)
    .values({ accountId, eraseAt })
    .onConflictDoNothing()
    .returning()
  return row
}

/** Takes it back; false where there is nothing to, or it has begun. */
export async function removeDeletion(tx: Tx, accountId: string): Promise<boolean> {
  const rows = await tx
    .delete(accountDeletions)
    .where(and(eq(accountDeletions.accountId, accountId), isNull(accountDeletions.startedAt)))
    .returning({ accountId: accountDeletions.accountId })
  return rows.length > 0
}

/** Accounts whose grace period is over by `now` and that are not erased yet. */
export async function dueDeletions(db: Reader, now: Date, limit: number): Promise<string[]> {
  const rows = await db
    .select({ id: accountDeletions.accountId })
    .from(accountDeletions)
    .where(and(lte(accountDeletions.eraseAt, now), isNull(accountDeletions.erasedAt)))
    .orderBy(accountDeletions.eraseAt)
    .limit(limit)
  return rows.map(({ id }) => id)
}

/** Begins an erasure that is due, or goes on with it; false where it was undone, is not due, or is done. */
export async function beginErasure(tx: Tx, accountId: string, now: Date): Promise<boolean> {
  const rows = await tx
    .update(accountDeletions)
    .set({ startedAt: sql`coalesce(${accountDeletions.startedAt}, now())` })
    .where(
      and(
        eq(accountDeletions.accountId, accountId),
        lte(accountDeletions.eraseAt, now),
        isNull(accountDeletions.erasedAt),
      ),
    )
    .returning({ accountId: accountDeletions.accountId })
  return rows.length > 0
}

export async function endErasure(tx: Tx, accountId: string): Promise<void> {
  await tx
    .update(accountDeletions)
    .set({ erasedAt: sql`now()` })
    .where(eq(accountDeletions.accountId, accountId))
}

export async function sweepHandles(db: Reader, now: Date): Promise<void> {
  await db.delete(reservedHandles).where(lte(reservedHandles.until, now))
}

export const toExport = (row: ExportRow): NonNullable<AccountData['export']> => ({
  ...{ id: row.id, state: row.state, stage: row.stage, percent: row.percent, sizeBytes: row.sizeBytes },
  createdAt: row.createdAt.getTime(),
  expiresAt: row.expiresAt?.getTime() ?? null,
})

export const toDeletion = ({ askedAt, eraseAt }: DeletionRow): NonNullable<AccountData['deletion']> => ({
  askedAt: askedAt.getTime(),
  eraseAt: eraseAt.getTime(),
})

/** Whether it is one of those of whom one must stay. */
export async function isAdmin(tx: Tx, accountId: string): Promise<boolean> {
  const [row] = await tx.select({ role: users.role }).from(users).where(eq(users.id, accountId))
  return row !== undefined && isHighest(row.role)
}

/** Voids links to a new mail address that were not opened yet. */
export async function dropPendingEmail(tx: Tx, accountId: string): Promise<void> {
  await tx
    .delete(oneTimeTokens)
    .where(and(eq(oneTimeTokens.userId, accountId), eq(oneTimeTokens.kind, 'change_email')))
}
