import { sql } from 'drizzle-orm'
import { AppError } from '../../core/errors.ts'
import { readAccountRights } from '../../infra/access/rights/account-rights.ts'
import type { Tx } from '../../infra/db.ts'
import { countAdmins } from './people.repo.ts'

const lockName = (accountId: string) => `standing:${accountId}`

/** Makes a decision about an account wait for what it is doing, and the other way round, until the transaction ends. */
export async function lockStanding(tx: Tx, accountId: string): Promise<void> {
  await tx.execute(sql`select pg_advisory_xact_lock(hashtextextended(${lockName(accountId)}, 0))`)
}

/**
 * For what outlasts its moment (a broadcast, a login session): no decision against the account is made until the transaction
 * ends. Throws `forbidden` with `{ reason: 'suspended' | 'banned', untilMs }` or `{ reason: 'deleting', eraseAtMs }` where one
 * of these kinds stands.
 */
export async function holdStanding(tx: Tx, accountId: string, kinds: readonly string[]): Promise<void> {
  await tx.execute(sql`select pg_advisory_xact_lock_shared(hashtextextended(${lockName(accountId)}, 0))`)
  const { sanction, deletion } = (await readAccountRights(tx, [accountId])).get(accountId) ?? {}
  if (deletion && kinds.includes('deleting'))
    throw new AppError('forbidden', 'Your account is to be deleted.', { reason: 'deleting', ...deletion })
  if (!sanction || !kinds.includes(sanction.kind)) return
  const { kind: reason, untilMs } = sanction
  const message =
    reason === 'banned' ? `This account is banned: ${sanction.reason}` : 'Your account is suspended.'
  throw new AppError('forbidden', message, { reason, untilMs })
}

/** After an admin is one no more, in the same transaction; throws `conflict` where none would be left. */
export async function mustLeaveAnAdmin(tx: Tx): Promise<void> {
  if ((await countAdmins(tx)) === 0)
    throw new AppError('conflict', 'This is the last administrator; make somebody else one first.', {
      reason: 'last_admin',
    })
}
