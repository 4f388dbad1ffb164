import { and, eq, inArray, isNull, or, sql } from 'drizzle-orm'
import { personColumns } from '../../../drizzle/schema/accounts.ts'
import { followRequests, users } from '../../../drizzle/schema/index.ts'
import type { Place } from '../../core/paging/cursor.ts'
import type { Database, Tx } from '../../infra/db.ts'

export function createRequestsRepo(db: Database) {
  return {
    /** Answers those who did not ask before. */
    async insert(tx: Tx, targetId: string, requesterIds: readonly string[]): Promise<string[]> {
      if (requesterIds.length === 0) return []
      const rows = await tx
        .insert(followRequests)
        .values(requesterIds.map((requesterId) => ({ requesterId, targetId })))
        .onConflictDoNothing()
        .returning({ id: followRequests.requesterId })
      return rows.map(({ id }) => id)
    },

    /** Answers those who did ask. */
    async remove(tx: Tx, targetId: string, requesterIds: readonly string[]): Promise<string[]> {
      if (requesterIds.length === 0) return []
      const rows = await tx
        .delete(followRequests)
        .where(
          and(eq(followRequests.targetId, targetId), inArray(followRequests.requesterId, [...requesterIds])),
        )
        .returning({ id: followRequests.requesterId })
      return rows.map(({ id }) => id)
    },

    async removeBetween(tx: Tx, one: string, other: string): Promise<void> {
      const from = (a: string, b: string) =>
        and(eq(followRequests.requesterId, a), eq(followRequests.targetId, b))
      await tx.delete(followRequests).where(or(from(one, other), from(other, one)))
    },

    async isRequested(requesterId: string, targetId: string): Promise<boolean> {
      const rows = await db.orm
        .select({ id: followRequests.targetId })
        .from(followRequests)
        .where(and(eq(followRequests.requesterId, requesterId), eq(followRequests.targetId, targetId)))
      return rows.length > 0
    },

    /** Those who have waited longest; `limit` at most. */
    async oldest(targetId: string, limit: number): Promise<string[]> {
      const rows = await db.orm
        .select({ id: followRequests.requesterId })
        .from(followRequests)
        .where(eq(followRequests.targetId, targetId))
        .orderBy(followRequests.createdAt, followRequests.requesterId)
        .limit(limit)
      return rows.map(({ id }) => id)
    },

    /** The newest first, from a place on; `limit` at most. */
    async list(targetId: string, from: Place | undefined, limit: number) {
      const before =
        from &&
        sql`(${followRequests.createdAt}, ${followRequests.requesterId}) < (${from.at.toISOString()}::timestamptz, ${from.id}::uuid)`
      return db.orm
        .select({ ...personColumns, createdAt: followRequests.createdAt })
        .from(followRequests)
        .innerJoin(users, eq(users.id, followRequests.requesterId))
        .where(and(eq(followRequests.targetId, targetId), before, isNull(users.deletedAt)))
        .orderBy(sql`${followRequests.createdAt} desc, ${followRequests.requesterId} desc`)
        .limit(limit)
    },
  }
}

export type RequestsRepo = ReturnType<typeof createRequestsRepo>
