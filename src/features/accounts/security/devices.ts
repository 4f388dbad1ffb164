import { and, eq, lte } from 'drizzle-orm'
import { knownDevices } from '../../../../drizzle/schema/accounts.ts'
import type { Database, Tx } from '../../../infra/db.ts'
import { hashToken, makeToken } from '../accounts.tokens.ts'

/**
 * Device cookies (OWASP, "Slow Down Online Guessing Attacks with Device Cookies"): a browser that has signed in to an
 * account before is counted for itself, so that strangers who guess passwords can't keep its owner out.
 */

/** Notes that this browser signed in, under a new secret: one that somebody planted in it is worth nothing afterwards. */
export async function rememberDevice(
  tx: Tx,
  userId: string,
  formerSecret: string | undefined,
  now: Date,
): Promise<string> {
  const { token, hash } = makeToken()
  if (formerSecret !== undefined)
    await tx
      .update(knownDevices)
      .set({ id: hash })
      .where(eq(knownDevices.id, hashToken(formerSecret)))
  await tx
    .insert(knownDevices)
    .values({ id: hash, userId, lastUsedAt: now })
    .onConflictDoUpdate({ target: [knownDevices.id, knownDevices.userId], set: { lastUsedAt: now } })
  return token
}

/** Whether the browser with this secret has signed in to this account before. */
export async function isKnownDevice(
  db: Database['orm'],
  userId: string,
  secret: string | undefined,
): Promise<boolean> {
  // Asked in any case, so that an attempt with a cookie takes the same way as one without.
  const hash = hashToken(secret ?? '')
  const found = await db
    .select({ id: knownDevices.id })
    .from(knownDevices)
    .where(and(eq(knownDevices.id, hash), eq(knownDevices.userId, userId)))
  return found.length > 0
}

/** After a reset: whoever was in before must guess as a stranger. */
export async function forgetDevices(tx: Tx, userId: string): Promise<void> {
  await tx.delete(knownDevices).where(eq(knownDevices.userId, userId))
}

export async function sweepDevices(db: Database['orm'], unusedBefore: Date): Promise<void> {
  await db.delete(knownDevices).where(lte(knownDevices.lastUsedAt, unusedBefore))
}
