import { and, asc, desc, eq, gt, gte, inArray, isNull, lte, or, sql } from 'drizzle-orm'
import { credentials, oneTimeTokens, users } from '../../../drizzle/schema/accounts.ts'
import { reservedHandles } from '../../../drizzle/schema/data.ts'
import { streams } from '../../../drizzle/schema/streams.ts'
import { idempotencyKeys } from '../../../drizzle/schema/system.ts'
import type { ViewerRole } from '../../core/viewer.ts'
import type { Database, Tx } from '../../infra/db.ts'
import { type Contact, isEmail } from './contacts/contact.ts'

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
      hasPassword: sql<boolean>`${credentials.passwordHash} is not null`,
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
  emailVerifiedAt: credentials.emailVerifiedAt,
  phone: credentials.phone,
  phoneVerifiedAt: credentials.phoneVerifiedAt,
  passwordHash: credentials.passwordHash,
  passwordVersion: credentials.passwordVersion,
}

/** Who has this address or number, proven or not. */
export async function findCredentials(db: Reader, contact: Contact) {
  const [row] = await selectCredentials(db).where(and(isContact(contact), isNull(users.deletedAt)))
  return row
}

export async function findCredentialsOf(db: Reader, userId: string) {
  const [row] = await selectCredentials(db).where(and(eq(users.id, userId), isNull(users.deletedAt)))
  return row
}

const isContact = (contact: Contact) =>
  isEmail(contact) ? eq(credentials.email, contact.email) : eq(credentials.phone, contact.phone)

const selectCredentials = (db: Reader) =>
  db.select(credentialColumns).from(credentials).innerJoin(users, eq(users.id, credentials.userId))

/** Makes the account, or answers false when its handle is taken, or was somebody's who is gone. */
export async function insertAccount(
  tx: Tx,
  account: { id: string; handle: string; displayName: string; role: ViewerRole },
): Promise<boolean> {
  const hash = sql`encode(sha256(convert_to(${account.handle}, 'UTF8')), 'hex')`
  const isReserved = and(eq(reservedHandles.hash, hash), gt(reservedHandles.until, sql`now()`))
  if ((await tx.$count(reservedHandles, isReserved)) > 0) return false
  const inserted = await tx.insert(users).values(account).onConflictDoNothing().returning({ id: users.id })
  return inserted.length > 0
}

export async function insertCredentials(tx: Tx, row: typeof credentials.$inferInsert): Promise<void> {
  await tx.insert(credentials).values(row)
}

/** Neither address nor number was ever proved: the account is only being made. */
const isUnproven = and(isNull(credentials.emailVerifiedAt), isNull(credentials.phoneVerifiedAt))

/** Deletes accounts that have one of these contacts and never proved any, with all they have. */
export async function deleteUnverified(tx: Tx, contacts: readonly Contact[]): Promise<void> {
  const unverified = tx
    .select({ id: credentials.userId })
    .from(credentials)
    .where(and(or(...contacts.map(isContact)), isUnproven))
  await tx.delete(users).where(inArray(users.id, unverified))
}

/** Notes that the contact it was registered with is proven. */
export async function markVerified(
  tx: Tx,
  userId: string,
  kind: 'email' | 'phone',
  now: Date,
): Promise<void> {
  const [column, verifiedAt] =
    kind === 'email'
      ? ([credentials.emailVerifiedAt, { emailVerifiedAt: now }] as const)
      : ([credentials.phoneVerifiedAt, { phoneVerifiedAt: now }] as const)
  await tx
    .update(credentials)
    .set({ ...verifiedAt, updatedAt: now })
    .where(and(eq(credentials.userId, userId), isNull(column)))
}

/**
 * The version of the password, which can't be changed until the transaction ends: a session that is begun meanwhile is
 * there when the change ends all sessions.
 */
export async function holdPassword(tx: Tx, userId: string): Promise<number | undefined> {
  const [row] = await tx
    .select({ version: credentials.passwordVersion })
    .from(credentials)
    .where(eq(credentials.userId, userId))
    .for('share')
  return row?.version
}

/** Sets the password, or takes it away. */
export async function setPassword(
  tx: Tx,
  userId: string,
  passwordHash: string | null,
  now: Date,
): Promise<void> {
  const passwordVersion = sql`${credentials.passwordVersion} + 1`
  await tx
    .update(credentials)
    .set({ passwordHash, passwordVersion, updatedAt: now })
    .where(eq(credentials.userId, userId))
}

type CredentialChange = Partial<Omit<typeof credentials.$inferInsert, 'userId' | 'createdAt' | 'updatedAt'>>

/** Answers false where the account has no credentials yet. */
export async function changeCredentials(
  tx: Tx,
  userId: string,
  change: CredentialChange,
  now: Date,
): Promise<boolean> {
  const changed = await tx
    .update(credentials)
    .set({ ...change, updatedAt: now })
    .where(eq(credentials.userId, userId))
    .returning({ userId: credentials.userId })
  return changed.length > 0
}

export async function insertToken(tx: Tx, row: typeof oneTimeTokens.$inferInsert): Promise<void> {
  await tx.insert(oneTimeTokens).values(row)
}

/** The token's row, having deleted it: of two at once, one gets nothing. Undefined when there is none or it expired. */
export async function takeToken(tx: Tx, hash: string, kind: TokenKind, now: Date) {
  const [row] = await tx
    .delete(oneTimeTokens)
    .where(and(eq(oneTimeTokens.id, hash), eq(oneTimeTokens.kind, kind), gt(oneTimeTokens.expiresAt, now)))
    .returning({
      userId: oneTimeTokens.userId,
      email: oneTimeTokens.email,
      createdAt: oneTimeTokens.createdAt,
    })
  return row
}

/** `since`: only those made then or later. */
export async function deleteTokensOf(
  tx: Tx,
  userId: string,
  kinds: readonly TokenKind[],
  since?: Date,
): Promise<void> {
  const isLater = since && gte(oneTimeTokens.createdAt, since)
  await tx
    .delete(oneTimeTokens)
    .where(and(eq(oneTimeTokens.userId, userId), inArray(oneTimeTokens.kind, [...kinds]), isLater))
}

/** The address that a change waits for, the newest first. */
export async function findPendingEmail(db: Reader, userId: string, now: Date): Promise<string | undefined> {
  const [row] = await db
    .select({ email: oneTimeTokens.email })
    .from(oneTimeTokens)
    .where(
      and(
        eq(oneTimeTokens.userId, userId),
        eq(oneTimeTokens.kind, 'change_email'),
        gt(oneTimeTokens.expiresAt, now),
      ),
    )
    .orderBy(desc(oneTimeTokens.createdAt))
    .limit(1)
  return row?.email ?? undefined
}

/** Admins, the first one first, each with whether it has a mail address and password. */
export async function listAdmins(db: Reader) {
  return await db
    .select({ id: users.id, hasPassword: sql<boolean>`${credentials.passwordHash} is not null` })
    .from(users)
    .leftJoin(credentials, eq(credentials.userId, users.id))
    .where(and(eq(users.role, 'admin'), isNull(users.deletedAt)))
    .orderBy(asc(users.createdAt), asc(users.id))
}

/** Makes transactions about the same subject wait for each other until they end. */
export async function lockSubject(tx: Tx, subject: string): Promise<void> {
  await tx.execute(sql`select pg_advisory_xact_lock(hashtextextended(${subject}, 0))`)
}

/** Deletes what has expired by `now`, and accounts that were made before `unverifiedBefore` and never proved their contact. */
export async function sweep(db: Reader, now: Date, unverifiedBefore: Date): Promise<void> {
  await db.delete(oneTimeTokens).where(lte(oneTimeTokens.expiresAt, now))
  await db.delete(idempotencyKeys).where(lte(idempotencyKeys.expiresAt, now))
  const stale = db
    .select({ id: credentials.userId })
    .from(credentials)
    .where(and(isUnproven, lte(credentials.createdAt, unverifiedBefore)))
  await db.delete(users).where(inArray(users.id, stale))
}
