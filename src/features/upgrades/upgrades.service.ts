import { and, asc, eq, isNull } from 'drizzle-orm'
import { personColumns } from '../../../drizzle/schema/accounts.ts'
import { accountUpgrades, users } from '../../../drizzle/schema/index.ts'
import type { RouteResponse } from '../../contract/index.ts'
import { can, refusalOf } from '../../core/access/permissions.ts'
import { AppError } from '../../core/errors.ts'
import { type Clock, DAY_MS } from '../../core/time.ts'
import type { Upgrade, Viewer } from '../../core/viewer.ts'
import type { Database, Tx } from '../../infra/db.ts'
import type { Actor, AuditService } from '../audit/audit.service.ts'

type AccountUpgrade = RouteResponse<'askUpgrade'>['upgrade']
type Row = typeof accountUpgrades.$inferSelect

/** Whoever was refused may ask again after this: long enough that something has changed. */
const ASK_AGAIN_MS = 30 * DAY_MS
/** As many as somebody decides at one sitting. */
const PENDING_MAX = 50

type Deps = {
  db: Database
  audit: Pick<AuditService, 'write'>
  clock: Clock
  accountChanged: (accountId: string) => void
}

/**
 * What accounts become beside their role. `creator` is granted at once and whoever asks is taken at their word; `advertiser`
 * waits for an admin.
 *
 *   ──asks──▶ pending ──admin──▶ granted ⇄ refused ──asks again after 30 days──▶ pending
 */
export function createUpgradesService({ db, audit, clock, accountChanged }: Deps) {
  const now = () => new Date(clock.nowMs())

  async function find(tx: Tx, accountId: string, kind: Upgrade): Promise<Row | undefined> {
    const [row] = await tx
      .select()
      .from(accountUpgrades)
      .where(and(eq(accountUpgrades.accountId, accountId), eq(accountUpgrades.kind, kind)))
      .for('update')
    return row
  }

  async function write(tx: Tx, values: typeof accountUpgrades.$inferInsert): Promise<AccountUpgrade> {
    const { state, note, decidedAt = null } = values
    const [row] = await tx
      .insert(accountUpgrades)
      .values(values)
      .onConflictDoUpdate({
        target: [accountUpgrades.accountId, accountUpgrades.kind],
        set: { state, decidedAt, ...(note !== undefined && { note, askedAt: now() }) },
      })
      .returning()
    if (!row) throw new Error('An upgrade was not written.')
    tx.afterCommit(() => accountChanged(values.accountId))
    return toUpgrade(row)
  }

  return {
    async of(accountId: string): Promise<AccountUpgrade[]> {
      const rows = await db.orm
        .select()
        .from(accountUpgrades)
        .where(eq(accountUpgrades.accountId, accountId))
        .orderBy(asc(accountUpgrades.kind))
      return rows.map(toUpgrade)
    },

    /** Errors: `forbidden`, `conflict` (it is granted, waits, or was refused lately). */
    async ask(viewer: Viewer, { kind, note }: { kind: Upgrade; note: string }): Promise<AccountUpgrade> {
      const { account } = viewer
      if (!account || !can(viewer, 'upgrade:ask')) throw new AppError('forbidden')
      return db.withTx(async (tx) => {
        const found = await find(tx, account.id, kind)
        const againMs = (found?.decidedAt?.getTime() ?? 0) + ASK_AGAIN_MS
        if (found && (found.state !== 'refused' || againMs > clock.nowMs()))
          throw new AppError('conflict', messageOf(found.state), { state: found.state })
        const isAtOnce = kind === 'creator'
        const state = isAtOnce ? ('granted' as const) : ('pending' as const)
        return write(tx, { accountId: account.id, kind, note, state, decidedAt: isAtOnce ? now() : null })
      })
    },

    /** What waits for a decision, the oldest first. Errors: `forbidden`. */
    async pending(viewer: Viewer) {
      if (!can(viewer, 'upgrade:decide')) throw refusalOf(viewer, 'upgrade:decide')
      const rows = await db.orm
        .select({ row: accountUpgrades, account: personColumns })
        .from(accountUpgrades)
        .innerJoin(users, eq(users.id, accountUpgrades.accountId))
        .where(and(eq(accountUpgrades.state, 'pending'), isNull(users.deletedAt)))
        .orderBy(asc(accountUpgrades.askedAt), asc(accountUpgrades.accountId))
        .limit(PENDING_MAX)
      return rows.map(({ row, account }) => ({ ...toUpgrade(row), account }))
    },

    /** Errors: `forbidden`, `not_found` (they did not ask). */
    async decide(
      actor: Actor,
      accountId: string,
      { kind, state, reason }: { kind: Upgrade; state: 'granted' | 'refused'; reason: string },
    ): Promise<AccountUpgrade> {
      if (!can(actor.viewer, 'upgrade:decide')) throw refusalOf(actor.viewer, 'upgrade:decide')
      return db.withTx(async (tx) => {
        const found = await find(tx, accountId, kind)
        if (!found) throw new AppError('not_found')
        const upgrade = await write(tx, { accountId, kind, state, decidedAt: now() })
        await audit.write(tx, {
          ...{ actor, action: 'account.upgrade', subjectId: accountId, reason },
          ...{ before: { kind, state: found.state }, after: { kind, state } },
        })
        return upgrade
      })
    },
  }
}

export type UpgradesService = ReturnType<typeof createUpgradesService>

const messageOf = (state: Row['state']): string =>
  ({
    granted: 'You have this already.',
    pending: 'You have asked for this already; an administrator will decide.',
    refused: 'This was refused; you can ask again 30 days after that.',
  })[state]

const toUpgrade = ({ kind, state, note, askedAt, decidedAt }: Row): AccountUpgrade => ({
  ...{ kind, state, note },
  askedAt: askedAt.getTime(),
  decidedAt: decidedAt?.getTime() ?? null,
})
