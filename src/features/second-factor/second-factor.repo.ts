import { and, count, eq, lt, sql } from 'drizzle-orm'
import { credentials, users } from '../../../drizzle/schema/accounts.ts'
import { backupCodes, passkeys, totpSecrets } from '../../../drizzle/schema/second-factor.ts'
import { mustProveTwiceSql } from '../../infra/access/rights/staff.ts'
import type { Database, Tx } from '../../infra/db.ts'

type Reader = Database['orm'] | Tx

export async function findTotp(db: Reader, userId: string) {
  const [row] = await db
    .select({ sealedSecret: totpSecrets.sealedSecret, lastStep: totpSecrets.lastStep })
    .from(totpSecrets)
    .where(eq(totpSecrets.userId, userId))
  return row
}

/** Whether signing in takes a second proof: with an authenticator app, and for staff with a passkey too. */
export async function isTwoStep(db: Reader, userId: string): Promise<boolean> {
  const [row] = await db
    .select({
      isTwoStep: sql<boolean>`exists (select 1 from ${totpSecrets} where ${totpSecrets.userId} = ${users.id})
        or ${mustProveTwiceSql(sql`${users.id}`)}`,
    })
    .from(users)
    .where(eq(users.id, userId))
  return row?.isTwoStep ?? false
}

/** Answers false where there is one already. */
export async function insertTotp(tx: Tx, row: typeof totpSecrets.$inferInsert): Promise<boolean> {
  const made = await tx
    .insert(totpSecrets)
    .values(row)
    .onConflictDoNothing()
    .returning({ userId: totpSecrets.userId })
  return made.length > 0
}

/** Uses a time step up; false where it, or a later one, was used meanwhile. */
export async function redeemStep(
  tx: Tx,
  userId: string,
  step: number,
  change: { sealedSecret?: string; updatedAt: Date },
): Promise<boolean> {
  const used = await tx
    .update(totpSecrets)
    .set({ lastStep: step, ...change })
    .where(and(eq(totpSecrets.userId, userId), lt(totpSecrets.lastStep, step)))
    .returning({ userId: totpSecrets.userId })
  return used.length > 0
}

export async function deleteTotp(tx: Tx, userId: string): Promise<void> {
  await tx.delete(totpSecrets).where(eq(totpSecrets.userId, userId))
  await tx.delete(backupCodes).where(eq(backupCodes.userId, userId))
}

export async function replaceBackupCodes(tx: Tx, userId: string, hashes: readonly string[]): Promise<void> {
  await tx.delete(backupCodes).where(eq(backupCodes.userId, userId))
  await tx.insert(backupCodes).values(hashes.map((codeHash) => ({ userId, codeHash })))
}

/** Uses a backup code up; of two at once, one gets false. */
export async function takeBackupCode(tx: Tx, userId: string, codeHash: string): Promise<boolean> {
  const taken = await tx
    .delete(backupCodes)
    .where(and(eq(backupCodes.userId, userId), eq(backupCodes.codeHash, codeHash)))
    .returning({ userId: backupCodes.userId })
  return taken.length > 0
}

export async function countBackupCodes(db: Reader, userId: string): Promise<number> {
  const [row] = await db.select({ n: count() }).from(backupCodes).where(eq(backupCodes.userId, userId))
  return row?.n ?? 0
}

export async function countPasskeys(db: Reader, userId: string): Promise<number> {
  const [row] = await db.select({ n: count() }).from(passkeys).where(eq(passkeys.userId, userId))
  return row?.n ?? 0
}

export async function findPerson(db: Reader, userId: string) {
  const [row] = await db
    .select({ handle: users.handle, displayName: users.displayName })
    .from(users)
    .where(eq(users.id, userId))
  return row
}

/** Makes changes to the second factors of one account wait for each other. */
export async function lockAccount(tx: Tx, userId: string): Promise<void> {
  await tx.select({ id: users.id }).from(users).where(eq(users.id, userId)).for('update')
}

export async function listPasskeys(db: Reader, userId: string) {
  return await db.select().from(passkeys).where(eq(passkeys.userId, userId)).orderBy(passkeys.id)
}

/** The passkey, and the version of its account's password at this moment. */
export async function findPasskey(db: Reader, credentialId: string) {
  const [row] = await db
    .select({ passkey: passkeys, passwordVersion: credentials.passwordVersion })
    .from(passkeys)
    .leftJoin(credentials, eq(credentials.userId, passkeys.userId))
    .where(eq(passkeys.credentialId, credentialId))
  return row && { ...row.passkey, passwordVersion: row.passwordVersion ?? undefined }
}

/** Answers false where the credential is registered already. */
export async function insertPasskey(tx: Tx, row: typeof passkeys.$inferInsert): Promise<boolean> {
  const made = await tx.insert(passkeys).values(row).onConflictDoNothing().returning({ id: passkeys.id })
  return made.length > 0
}

/** Answers the changed row; undefined where the account has no such passkey. */
export async function renamePasskey(db: Reader, userId: string, id: string, name: string) {
  const [row] = await db
    .update(passkeys)
    .set({ name })
    .where(and(eq(passkeys.id, id), eq(passkeys.userId, userId)))
    .returning()
  return row
}

export async function deletePasskey(tx: Tx, userId: string, id: string): Promise<boolean> {
  const gone = await tx
    .delete(passkeys)
    .where(and(eq(passkeys.id, id), eq(passkeys.userId, userId)))
    .returning({ id: passkeys.id })
  return gone.length > 0
}

/**
 * Notes a use. False where the counter does not move on from what is stored, as with a copied authenticator, also where
 * another use moved it meanwhile; those that do not count stay at 0 (WebAuthn, 6.1.1).
 */
export async function notePasskeyUse(
  tx: Tx,
  id: string,
  use: { counter: number; isSynced: boolean; lastUsedAt: Date },
): Promise<boolean> {
  const isFresh = use.counter === 0 ? eq(passkeys.counter, 0) : lt(passkeys.counter, use.counter)
  const used = await tx
    .update(passkeys)
    .set(use)
    .where(and(eq(passkeys.id, id), isFresh))
    .returning({ id: passkeys.id })
  return used.length > 0
}
