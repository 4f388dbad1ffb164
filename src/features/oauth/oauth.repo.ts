import { and, eq, isNull } from 'drizzle-orm'
import { credentials, users } from '../../../drizzle/schema/accounts.ts'
import { oauthAccounts } from '../../../drizzle/schema/oauth.ts'
import type { Database, Tx } from '../../infra/db.ts'

type Reader = Database['orm'] | Tx

/**
 * Whose account this foreign one opens, and the version of its password at this moment, by which a sign-in learns that
 * its owner took the account back meanwhile; undefined where it opens none that is left.
 */
export async function findOwner(db: Reader, issuer: string, subject: string) {
  const [row] = await db
    .select({ userId: oauthAccounts.userId, passwordVersion: credentials.passwordVersion })
    .from(oauthAccounts)
    .innerJoin(users, eq(users.id, oauthAccounts.userId))
    .leftJoin(credentials, eq(credentials.userId, users.id))
    .where(and(eq(oauthAccounts.issuer, issuer), eq(oauthAccounts.subject, subject), isNull(users.deletedAt)))
  return row && { userId: row.userId, passwordVersion: row.passwordVersion ?? undefined }
}

export async function noteUse(db: Reader, issuer: string, subject: string, now: Date): Promise<void> {
  await db
    .update(oauthAccounts)
    .set({ lastUsedAt: now })
    .where(and(eq(oauthAccounts.issuer, issuer), eq(oauthAccounts.subject, subject)))
}

/** Answers false where the foreign account opens one already, or this account has another of the same provider. */
export async function insertLink(tx: Tx, row: typeof oauthAccounts.$inferInsert): Promise<boolean> {
  const made = await tx
    .insert(oauthAccounts)
    .values(row)
    .onConflictDoNothing()
    .returning({ subject: oauthAccounts.subject })
  return made.length > 0
}

export async function listLinks(db: Reader, userId: string) {
  return await db
    .select()
    .from(oauthAccounts)
    .where(eq(oauthAccounts.userId, userId))
    .orderBy(oauthAccounts.createdAt)
}

export async function deleteLink(tx: Tx, userId: string, provider: string): Promise<boolean> {
  const gone = await tx
    .delete(oauthAccounts)
    .where(and(eq(oauthAccounts.userId, userId), eq(oauthAccounts.provider, provider)))
    .returning({ subject: oauthAccounts.subject })
  return gone.length > 0
}
