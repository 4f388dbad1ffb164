import { randomInt } from 'node:crypto'
import { and, eq, gt, lt, lte, sql } from 'drizzle-orm'
import { phoneCodes } from '../../../../drizzle/schema/accounts.ts'
import { type Clock, MINUTE_MS } from '../../../core/time.ts'
import type { Database, Tx } from '../../../infra/db.ts'
import type { Passwords } from '../accounts.passwords.ts'

/** Long enough to wait for a slow text, short enough that a glance at somebody's screen is soon worth nothing. */
const CODE_LIFE_MS = 10 * MINUTE_MS
/** Of a million codes; after them the code is void and another must be asked for, which is limited. */
const TRIES_MAX = 5
const CODES_COUNT = 1_000_000
const CODE_DIGITS = 6

export type PhoneCodes = {
  /** A new code for this number; one that the account had before is void. */
  issue(userId: string, phone: string): Promise<string>
  /** The number that the code proves, having used the code up; undefined for a wrong, used or expired one. */
  redeem(userId: string | undefined, code: string): Promise<string | undefined>
  /** The number that waits for its code. */
  pending(userId: string): Promise<string | undefined>
  revoke(tx: Tx, userId: string): Promise<void>
  sweep(): Promise<void>
}

type Deps = { db: Database; passwords: Passwords; clock: Clock }

export function createPhoneCodes({ db, passwords, clock }: Deps): PhoneCodes {
  const now = () => new Date(clock.nowMs())
  return {
    async issue(userId, phone) {
      const code = String(randomInt(CODES_COUNT)).padStart(CODE_DIGITS, '0')
      const row = {
        phone,
        codeHash: await passwords.hash(code),
        triesCount: 0,
        expiresAt: new Date(clock.nowMs() + CODE_LIFE_MS),
      }
      await db.orm
        .insert(phoneCodes)
        .values({ userId, ...row })
        .onConflictDoUpdate({ target: phoneCodes.userId, set: row })
      return code
    },
    async redeem(userId, code) {
      const found = userId === undefined ? undefined : await countTry(db, userId, now())
      const isRight = await passwords.verify(found?.codeHash, code)
      if (!found || !isRight || userId === undefined) return undefined
      // Two right tries at once: one finds nothing left to delete.
      const [used] = await db.orm
        .delete(phoneCodes)
        .where(and(eq(phoneCodes.userId, userId), eq(phoneCodes.codeHash, found.codeHash)))
        .returning({ phone: phoneCodes.phone })
      return used?.phone
    },
    async pending(userId) {
      const [row] = await db.orm
        .select({ phone: phoneCodes.phone })
        .from(phoneCodes)
        .where(and(eq(phoneCodes.userId, userId), gt(phoneCodes.expiresAt, now())))
      return row?.phone
    },
    async revoke(tx, userId) {
      await tx.delete(phoneCodes).where(eq(phoneCodes.userId, userId))
    },
    async sweep() {
      await db.orm.delete(phoneCodes).where(lte(phoneCodes.expiresAt, now()))
    },
  }
}

/** Counted before the code is looked at, in one statement: a hundred tries at once are five. */
async function countTry(db: Database, userId: string, now: Date) {
  const [row] = await db.orm
    .update(phoneCodes)
    .set({ triesCount: sql`${phoneCodes.triesCount} + 1` })
    .where(
      and(eq(phoneCodes.userId, userId), lt(phoneCodes.triesCount, TRIES_MAX), gt(phoneCodes.expiresAt, now)),
    )
    .returning({ codeHash: phoneCodes.codeHash })
  return row
}
