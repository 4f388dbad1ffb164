import { createHash } from 'node:crypto'
import { and, eq, sql } from 'drizzle-orm'
import { idempotencyKeys } from '../../../drizzle/schema/index.ts'
import { AppError } from '../../core/errors.ts'
import type { Tx } from '../../infra/db.ts'

type Request = { accountId: string; call: string; clientId: string; input: unknown }

/** Longer than any client goes on repeating a call it got no answer for. */
const KEEP = sql`now() + interval '1 day'`

/**
 * Does `work` once per account, call and clientId, in the caller's transaction: a repeat gets the first answer (and
 * `isRepeat`), the same clientId with other input is a `conflict`. Of two at once, the second waits for the first.
 */
export async function once<T>(
  tx: Tx,
  request: Request,
  work: () => Promise<T>,
): Promise<{ answer: T; isRepeat: boolean }> {
  const { accountId, call, clientId } = request
  const inputHash = createHash('sha256').update(JSON.stringify(request.input)).digest('hex')
  const key = { accountId, call, clientId, inputHash, answer: null, expiresAt: KEEP }
  const mine = and(
    eq(idempotencyKeys.accountId, accountId),
    eq(idempotencyKeys.call, call),
    eq(idempotencyKeys.clientId, clientId),
  )
  const claimed = await tx
    .insert(idempotencyKeys)
    .values({ ...key, answer: sql`'null'::jsonb` })
    .onConflictDoNothing()
    .returning({ clientId: idempotencyKeys.clientId })
  if (claimed.length === 0) {
    const [known] = await tx.select().from(idempotencyKeys).where(mine)
    if (!known || known.inputHash !== inputHash) {
      throw new AppError('conflict', 'This clientId was used for something else.', { clientId })
    }
    return { answer: known.answer as T, isRepeat: true }
  }
  const answer = await work()
  // Cast by hand: the driver's own JSON encoding would store a string.
  await tx
    .update(idempotencyKeys)
    .set({ answer: sql`${JSON.stringify(answer)}::jsonb` })
    .where(mine)
  return { answer, isRepeat: false }
}
