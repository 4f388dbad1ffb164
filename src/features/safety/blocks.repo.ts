import { and, eq, isNull, sql } from 'drizzle-orm'
import { personColumns } from '../../../drizzle/schema/accounts.ts'
import { blocks, mutes, users } from '../../../drizzle/schema/index.ts'
import type { Place } from '../../core/paging/cursor.ts'
import type { Database, Tx } from '../../infra/db.ts'

/** Two kinds of the same: somebody does not want to see, or to hear of, somebody. */
const KINDS = {
  block: { table: blocks, own: blocks.blockerId, other: blocks.blockedId, at: blocks.createdAt },
  mute: { table: mutes, own: mutes.muterId, other: mutes.mutedId, at: mutes.createdAt },
} as const
export type Kind = keyof typeof KINDS

export function createBlocksRepo(db: Database) {
  return {
    /** Answers whether it is new. */
    async insert(tx: Tx, kind: Kind, ownerId: string, accountId: string): Promise<boolean> {
      const rows =
        kind === 'block'
          ? await tx
              .insert(blocks)
              .values({ blockerId: ownerId, blockedId: accountId })
              .onConflictDoNothing()
              .returning({ id: blocks.blockedId })
          : await tx
              .insert(mutes)
              .values({ muterId: ownerId, mutedId: accountId })
              .onConflictDoNothing()
              .returning({ id: mutes.mutedId })
      return rows.length > 0
    },

    /** Answers whether there was one. */
    async remove(tx: Tx, kind: Kind, ownerId: string, accountId: string): Promise<boolean> {
      const { table, own, other } = KINDS[kind]
      const rows = await tx
        .delete(table)
        .where(and(eq(own, ownerId), eq(other, accountId)))
        .returning({ id: other })
      return rows.length > 0
    },

    count: (tx: Tx, kind: Kind, ownerId: string): Promise<number> =>
      tx.$count(KINDS[kind].table, eq(KINDS[kind].own, ownerId)),

    /** The newest first, from a place on; `limit` at most. */
    async list(kind: Kind, ownerId: string, from: Place | undefined, limit: number) {
      const { table, own, other, at } = KINDS[kind]
      const before =
        from && sql`(${at}, ${other}) < (${from.at.toISOString()}::timestamptz, ${from.id}::uuid)`
      return db.orm
        .select({ ...personColumns, createdAt: at })
        .from(table)
        .innerJoin(users, eq(users.id, other))
        .where(and(eq(own, ownerId), before, isNull(users.deletedAt)))
        .orderBy(sql`${at} desc, ${other} desc`)
        .limit(limit)
    },

    /** Everybody whom somebody blocks or has muted. */
    async hiddenFrom(ownerId: string): Promise<string[]> {
      const rows = await db.orm.execute<{ id: string }>(sql`
        select blocked_id as id from blocks where blocker_id = ${ownerId}
        union select muted_id from mutes where muter_id = ${ownerId}`)
      return rows.map(({ id }) => id)
    },
  }
}

export type BlocksRepo = ReturnType<typeof createBlocksRepo>
