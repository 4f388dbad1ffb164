import { sql } from 'drizzle-orm'
import { AppError } from '../../core/errors.ts'
import { readAccountRights } from '../../infra/access/rights/account-rights.ts'
import type { Tx } from '../../infra/db.ts'

const lockName = (accountId: string) => `standing:${accountId}`

/** Makes a decision about an account wait for what it is doing, and the other way round, until the transaction ends. */
export async function lockStanding(tx: Tx, accountId: string): Promise<void> {
  await tx.execute(sql`select pg_advisory_xact_lock(hashtextextended(${lockName(accountId)}, 0))`)
}

/**
 * For what outlasts its moment (a broadcast, a login session): no decision against the account is made until the transaction
 * ends. Throws `forbidden` with `{ reason: 'suspended' | 'banned', untilMs }` where one stands; `banned` alone where only that
 * matters.
 */
export async function holdStanding(tx: Tx, accountId: string, kinds: readonly string[]): Promise<void> {
  await tx.execute(sql`select pg_advisory_xact_lock_shared(hashtextextended(${lockName(accountId)}, 0))`)
  const sanction = (await readAccountRights(tx, [accountId])).get(accountId)?.sanction
  if (!sanction || !kinds.includes(sanction.kind)) return
  const { kind: reason, untilMs } = sanction
  const message =
    reason === 'banned' ? `This account is banned: ${sanction.reason}` : 'Your account is suspended.'
  throw new AppError('forbidden', message, { reason, untilMs })
}
