import { createHash, randomBytes } from 'node:crypto'
import { and, eq, gt, isNull, lt, lte, sql } from 'drizzle-orm'
import { pendingSteps } from '../../../drizzle/schema/pending.ts'
import type { Clock } from '../../core/time.ts'
import type { Database, Tx } from '../db.ts'

export type PendingKind = typeof pendingSteps.$inferSelect.kind
/** The key in the cookie of the browser that a step belongs to; undefined for programs without cookies. */
export type BrowserKey = string | undefined

/** What a step is found by: the token alone, known elsewhere, opens nothing where a browser began it. */
export type StepKey = { kind: PendingKind; token: string; browser: BrowserKey }
export type Step = { userId: string | undefined; data: unknown }

/** Beginnings that wait for their end for some minutes; each ends once. Tokens and browser keys are stored hashed. */
export type PendingSteps = {
  /** Answers the step's token. */
  begin(
    step: { kind: PendingKind; browser: BrowserKey; userId?: string; data: unknown; lifeMs: number },
    tx?: Tx,
  ): Promise<string>
  /** The step, having deleted it: of two at once, one gets undefined. Also undefined when it expired or is another browser's. */
  take(tx: Tx, key: StepKey): Promise<Step | undefined>
  /** The step, which goes on waiting. */
  find(key: StepKey): Promise<Step | undefined>
  /** As `find`, having counted one more attempt; undefined once there were `attemptsMax`. */
  attempt(key: StepKey, attemptsMax: number): Promise<Step | undefined>
  sweepExpired(): Promise<void>
}

/** 256 bits: can't be guessed, so that neither salt nor slow hash is needed to store it. */
const TOKEN_BYTES = 32

export function createPendingSteps({ db, clock }: { db: Database; clock: Clock }): PendingSteps {
  const now = () => new Date(clock.nowMs())
  const isStep = ({ kind, token, browser }: StepKey) =>
    and(
      eq(pendingSteps.id, sha256(token)),
      eq(pendingSteps.kind, kind),
      gt(pendingSteps.expiresAt, now()),
      browser === undefined ? isNull(pendingSteps.browser) : eq(pendingSteps.browser, sha256(browser)),
    )
  const stepOf = (row: { userId: string | null; data: unknown } | undefined): Step | undefined =>
    row && { userId: row.userId ?? undefined, data: row.data }
  const columns = { userId: pendingSteps.userId, data: pendingSteps.data }

  return {
    async begin({ kind, browser, userId, data, lifeMs }, tx) {
      const token = randomBytes(TOKEN_BYTES).toString('base64url')
      await (tx ?? db.orm).insert(pendingSteps).values({
        id: sha256(token),
        ...{ kind, userId, browser: browser === undefined ? null : sha256(browser) },
        // Cast by hand: the driver's own JSON encoding would store a string.
        data: sql`${JSON.stringify(data)}::jsonb`,
        expiresAt: new Date(clock.nowMs() + lifeMs),
      })
      return token
    },
    async take(tx, key) {
      const [row] = await tx.delete(pendingSteps).where(isStep(key)).returning(columns)
      return stepOf(row)
    },
    async find(key) {
      const [row] = await db.orm.select(columns).from(pendingSteps).where(isStep(key))
      return stepOf(row)
    },
    async attempt(key, attemptsMax) {
      const [row] = await db.orm
        .update(pendingSteps)
        .set({ attempts: sql`${pendingSteps.attempts} + 1` })
        .where(and(isStep(key), lt(pendingSteps.attempts, attemptsMax)))
        .returning(columns)
      return stepOf(row)
    },
    async sweepExpired() {
      await db.orm.delete(pendingSteps).where(lte(pendingSteps.expiresAt, now()))
    },
  }
}

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex')
