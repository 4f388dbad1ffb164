import { and, asc, eq, gt, inArray, isNull, lte, sql } from 'drizzle-orm'
import { credentials, oneTimeTokens, users } from '../../../drizzle/schema/accounts.ts'
import { streams } from '../../../drizzle/schema/streams.ts'
import { idempotencyKeys } from '../../../drizzle/schema/system.ts'
import type { ViewerRole } from '../../core/viewer.ts'
import type { Database, Tx } from '../../infra/db.ts'

type Reader = Database['orm'] | Tx
export type TokenKind = typeof oneTimeTokens.$inferSelect.kind

/** The account as the contract shows it; undefined when it does not exist or is deleted. */
export async function findAccount(db: Reader, userId: string) {
  const [row] = await db
    .select({
      id: users.id,
      handle: users.handle,
      displayName: users.displayName,
      avatar: users.avatar,
      role: users.role,
      streamId: streams.id,
      hasPassword: sql<boolean>`${credentials.userId} is not null`,
    })
    .from(users)
    .innerJoin(streams, eq(streams.ownerId, users.id))
    .leftJoin(credentials, eq(credentials.userId, users.id))
    .where(and(eq(users.id, userId), isNull(users.deletedAt)))
  return row
}

const credentialColumns = {
  userId: credentials.userId,
  handle: users.handle,
  email: credentials.email,
  passwordHash: credentials.passwordHash,
  emailVerifiedAt: credentials.emailVerifiedAt,
}

export async function findCredentialsByEmail(db: Reader, email: string) {
  const [row] = await selectCredentials(db).where(and(eq(credentials.email, email), isNull(users.deletedAt)))
  return row
}

export async function findCredentialsOf(db: Reader, userId: string) {
  const [row] = await selectCredentials(db).where(and(eq(users.id, userId), isNull(users.deletedAt)))
  return row
}

const selectCredentials = (db: Reader) =>
  db.select(credentialColumns).from(credentials).innerJoin(users, eq(users.id, credentials.userId))

/** Makes the account, or answers false when its handle is taken. */
export async function insertAccount(
  tx: Tx,
  account: { id: string; handle: string; displayName: string; role: ViewerRole },
): Promise<boolean> {
  const inserted = await tx.insert(users).values(account).onConflictDoNothing().returning({ id: users.id })
  return inserted.length > 0
}

export async function insertCredentials(tx: Tx, row: typeof credentials.$inferInsert): Promise<void> {
  await tx.insert(credentials).values(row)
}

/** Deletes accounts that never proved one of these addresses, with all they have. */
export async function deleteUnverified(tx: Tx, emails: readonly string[]): Promise<void> {
  const unverified = tx
    .select({ id: credentials.userId })
    .from(credentials)
    .where(and(inArray(credentials.email, [...emails]), isNull(credentials.emailVerifiedAt)))
  await tx.delete(users).where(inArray(users.id, unverified))
}

export async function markVerified(tx: Tx, userId: string, now: Date): Promise<void> {
  await tx
    .update(credentials)
    .set({ emailVerifiedAt: now, updatedAt: now })
    .where(and(eq(credentials.userId, userId), isNull(credentials.emailVerifiedAt)))
}

export async function insertToken(tx: Tx, row: typeof oneTimeTokens.$inferInsert): Promise<void> {
  await tx.insert(oneTimeTokens).values(row)
}

/** Whose token it was, having deleted it: of two at once, one gets nothing. Undefined when there is none or it expired. */
export async function takeToken(
  tx: Tx,
  hash: string,
  kind: TokenKind,
  now: Date,
): Promise<string | undefined> {
  const [row] = await tx
    .delete(oneTimeTokens)
    .where(and(eq(oneTimeTokens.id, hash), eq(oneTimeTokens.kind, kind), gt(oneTimeTokens.expiresAt, now)))
    .returning({ userId: oneTimeTokens.userId })
  return row?.userId
}

export async function deleteTokensOf(tx: Tx, userId: string, kind: TokenKind): Promise<void> {
  await tx.delete(oneTimeTokens).where(and(eq(oneTimeTokens.userId, userId), eq(oneTimeTokens.kind, kind)))
}

/** Admins, the first one first, each with whether it has a mail address and password. */
export async function listAdmins(db: Reader) {
  return await db
    .select({ id: users.id, hasPassword: sql<boolean>`${credentials.userId} is not null` })
    .from(users)
    .leftJoin(credentials, eq(credentials.userId, users.id))
    .where(and(eq(users.role, 'admin'), isNull(users.deletedAt)))
    .orderBy(asc(users.createdAt), asc(users.id))
}

/** Makes transactions about the same subject wait for each other until they end. */
export async function lockSubject(tx: Tx, subject: string): Promise<void> {
  await tx.execute(sql`select pg_advisory_xact_lock(hashtextextended(${subject}, 0))`)
}

/** Deletes what has expired by `now`, and accounts that were made before `unverifiedBefore` and never proved their address. */
export async function sweep(db: Reader, now: Date, unverifiedBefore: Date): Promise<void> {
  await db.delete(oneTimeTokens).where(lte(oneTimeTokens.expiresAt, now))
  await db.delete(idempotencyKeys).where(lte(idempotencyKeys.expiresAt, now))
  const stale = db
    .select({ id: credentials.userId })
    .from(credentials)
    .where(and(isNull(credentials.emailVerifiedAt), lte(credentials.createdAt, unverifiedBefore)))
  await db.delete(users).where(inArray(users.id, stale))
}
