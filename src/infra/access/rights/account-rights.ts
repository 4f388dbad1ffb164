import { and, eq, inArray, isNull, sql } from 'drizzle-orm'
import { accountDeletions, accountSanctions, users } from '../../../../drizzle/schema/index.ts'
import type { Upgrade, Viewer, ViewerRole } from '../../../core/viewer.ts'
import type { Database, Tx } from '../../db.ts'
import { waitsForSecondFactorSql } from './staff.ts'

/** What an account may, as the database has it now. */
export type AccountRights = {
  id: string
  /** What it acts as: a member, while what its role may waits for a second factor. */
  role: ViewerRole
  /** The role that waits. */
  heldRole?: ViewerRole | undefined
  upgrades: Upgrade[]
  /** What staff decided against it, as far as it is in force. */
  sanction: { kind: 'suspended' | 'banned'; reason: string; untilMs: number | null } | undefined
  /** Its owner asked for its deletion, which begins then. */
  deletion?: { eraseAtMs: number } | undefined
}

export type AccountRightsReader = (ids: readonly string[]) => Promise<Map<string, AccountRights>>

/** Rights of accounts in one query; one that does not exist or is deleted has none. */
export async function readAccountRights(
  db: Database['orm'] | Tx,
  ids: readonly string[],
): Promise<Map<string, AccountRights>> {
  const { kind, reason, until } = accountSanctions
  const rows = await db
    .select({
      isWaiting: waitsForSecondFactorSql(sql`${users.id}`, sql`${users.role}`),
      ...{ id: users.id, role: users.role, kind, reason, until, eraseAt: accountDeletions.eraseAt },
      upgrades: sql<
        Upgrade[]
      >`coalesce((select array_agg(a.kind::text order by a.kind) from account_upgrades a
        where a.account_id = ${users.id} and a.state = 'granted'), '{}')`,
    })
    .from(users)
    .leftJoin(
      accountSanctions,
      and(eq(accountSanctions.accountId, users.id), sql`(${until} is null or ${until} > now())`),
    )
    .leftJoin(accountDeletions, eq(accountDeletions.accountId, users.id))
    .where(and(inArray(users.id, [...ids]), isNull(users.deletedAt)))
  return new Map(rows.map((row) => [row.id, toRights(row)]))
}

type Row = Pick<AccountRights, 'id' | 'role' | 'upgrades'> & {
  isWaiting: boolean
  kind: 'suspended' | 'banned' | null
  reason: string | null
  until: Date | null
  eraseAt: Date | null
}

const toRights = ({ id, role, isWaiting, upgrades, kind, reason, until, eraseAt }: Row): AccountRights => ({
  ...(isWaiting ? { id, role: 'member', heldRole: role } : { id, role }),
  upgrades,
  sanction: kind === null ? undefined : { kind, reason: reason ?? '', untilMs: until?.getTime() ?? null },
  deletion: eraseAt ? { eraseAtMs: eraseAt.getTime() } : undefined,
})

type ViewerAccount = NonNullable<Viewer['account']>

/** An account of a viewer with these rights. */
export function withRights(
  { id, handle, displayName }: Pick<ViewerAccount, 'id' | 'handle' | 'displayName'>,
  { role, heldRole, upgrades, sanction, deletion }: Omit<AccountRights, 'id'>,
): ViewerAccount {
  return {
    ...{ id, handle, displayName, role },
    ...(heldRole && { heldRole }),
    ...(upgrades.length > 0 && { upgrades }),
    ...(sanction && { suspension: { untilMs: sanction.untilMs } }),
    ...(deletion && { deletion }),
  }
}

/** Makes a change that may give an account other rights, or take some: `told` hears of it after the commit, where it did. */
export async function tellingRights<T>(
  tx: Tx,
  accountId: string,
  told: (accountId: string) => void,
  change: () => Promise<T>,
): Promise<T> {
  const now = async () => JSON.stringify([...(await readAccountRights(tx, [accountId])).values()])
  const before = await now()
  const made = await change()
  if ((await now()) !== before) tx.afterCommit(() => told(accountId))
  return made
}
