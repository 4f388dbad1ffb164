import { and, eq, gte, isNotNull, sql } from 'drizzle-orm'
import { credentials, loginSessions, users } from '../../../drizzle/schema/accounts.ts'
import { oauthAccounts } from '../../../drizzle/schema/oauth.ts'
import { pendingSteps } from '../../../drizzle/schema/pending.ts'
import { backupCodes, passkeys, totpSecrets } from '../../../drizzle/schema/second-factor.ts'
import { AppError } from '../../core/errors.ts'
import type { Tx } from '../db.ts'

/**
 * Refuses to take the last way in from an account: throws `conflict` with `{ reason: 'last_way_in' }` where it has no
 * password and only this one passkey or provider. Of two removals at once the second sees what the first left.
 */
export async function requireAnotherWayIn(tx: Tx, userId: string): Promise<void> {
  await tx.select({ id: users.id }).from(users).where(eq(users.id, userId)).for('update')
  const [password] = await tx
    .select({ userId: credentials.userId })
    .from(credentials)
    .where(and(eq(credentials.userId, userId), isNotNull(credentials.passwordHash)))
  if (password) return
  const [counts] = await tx
    .select({
      all: sql<number>`(select count(*) from ${passkeys} where ${passkeys.userId} = ${userId})::int
        + (select count(*) from ${oauthAccounts} where ${oauthAccounts.userId} = ${userId})::int`,
    })
    .from(users)
    .where(eq(users.id, userId))
  if ((counts?.all ?? 0) > 1) return
  throw new AppError('conflict', 'This is the last way into the account: add another one first.', {
    reason: 'last_way_in',
  })
}

/**
 * Makes sure that a login session goes on until the transaction ends: whoever ends all sessions waits, and then finds what it
 * made. Throws `unauthenticated` where it has ended.
 */
export async function holdLoginSession(tx: Tx, publicId: string): Promise<void> {
  const [held] = await tx
    .select({ id: loginSessions.id })
    .from(loginSessions)
    .where(eq(loginSessions.publicId, publicId))
    .for('share')
  if (!held) throw new AppError('unauthenticated')
}

/**
 * Takes from an account what was made to lead into it, or to keep its owner out, at `since` or later: providers, passkeys,
 * an authenticator app and backup codes; and whatever waits for its end. Its sessions have ended before, so that what one of
 * them was about to make (`holdLoginSession`) is there or never will be.
 */
export async function removeWaysInSince(tx: Tx, userId: string, since: Date): Promise<void> {
  for (const table of [oauthAccounts, passkeys, totpSecrets, backupCodes])
    await tx.delete(table).where(and(eq(table.userId, userId), gte(table.createdAt, since)))
  await tx.delete(pendingSteps).where(eq(pendingSteps.userId, userId))
}
