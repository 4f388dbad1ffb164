import { and, eq, inArray, isNull, type SQL, sql } from 'drizzle-orm'
import { type PersonRow, personColumns } from '../../../drizzle/schema/accounts.ts'
import { follows, users } from '../../../drizzle/schema/index.ts'
import type { Place } from '../../core/paging/cursor.ts'
import { AS_OF_MS, type Database, type Tx } from '../../infra/db.ts'

type ListedRow = PersonRow & { followedAt: Date }

type ListPage = {
  from: Place | undefined
  /** Whether somebody with this id is listed. */
  isShown: (personId: SQL) => SQL
  limit: number
}

/** Which end of a follow a list shows. */
export type Side = 'followers' | 'following'

export function createFollowsRepo(db: Database) {
  return {
    /** Locks these accounts in one order, so that two that follow each other at once don't lock each other out. */
    async lockAccounts(tx: Tx, ids: readonly string[]): Promise<Set<string>> {
      const rows = await tx
        .select({ id: users.id })
        .from(users)
        .where(and(inArray(users.id, [...ids]), isNull(users.deletedAt)))
        .orderBy(users.id)
        .for('no key update')
      return new Set(rows.map(({ id }) => id))
    },

    /** Answers those of the followers who did not follow before. */
    async insert(tx: Tx, followeeId: string, followerIds: readonly string[]): Promise<string[]> {
      if (followerIds.length === 0) return []
      const rows = await tx
        .insert(follows)
        .values(followerIds.map((followerId) => ({ followerId, followeeId })))
        .onConflictDoNothing()
        .returning({ id: follows.followerId })
      return rows.map(({ id }) => id)
    },

    /** Answers those who did follow. */
    async remove(tx: Tx, followeeId: string, followerIds: readonly string[]): Promise<string[]> {
      if (followerIds.length === 0) return []
      const rows = await tx
        .delete(follows)
        .where(and(eq(follows.followeeId, followeeId), inArray(follows.followerId, [...followerIds])))
        .returning({ id: follows.followerId })
      return rows.map(({ id }) => id)
    },

    /** Adds to the counters of both sides and answers how many follow `followeeId` now. */
    async count(tx: Tx, followeeId: string, added: readonly string[], removed: readonly string[]) {
      for (const [ids, step] of [
        [added, 1],
        [removed, -1],
      ] as const) {
        if (ids.length === 0) continue
        await tx
          .update(users)
          .set({ followingCount: sql`${users.followingCount} + ${step}::int` })
          .where(inArray(users.id, [...ids]))
      }
      const change = added.length - removed.length
      const [row] = await tx
        .update(users)
        .set({ followersCount: sql`${users.followersCount} + ${change}::int` })
        .where(eq(users.id, followeeId))
        .returning({ followers: users.followersCount })
      return row?.followers ?? 0
    },

    async followerCounts(
      ids: readonly string[],
    ): Promise<Map<string, { followers: number; asOfMs: number }>> {
      const rows = await db.orm
        .select({ id: users.id, followers: users.followersCount, asOfMs: AS_OF_MS })
        .from(users)
        .where(and(inArray(users.id, [...ids]), isNull(users.deletedAt)))
      return new Map(rows.map(({ id, ...counted }) => [id, counted]))
    },

    /** The newest first, from a place on; `limit` at most. */
    async list(side: Side, accountId: string, { from, isShown, limit }: ListPage): Promise<ListedRow[]> {
      const [own, other] =
        side === 'followers'
          ? [follows.followeeId, follows.followerId]
          : [follows.followerId, follows.followeeId]
      const before =
        from &&
        sql`(${follows.createdAt}, ${other}) < (${from.at.toISOString()}::timestamptz, ${from.id}::uuid)`
      return db.orm
        .select({
          ...personColumns,
          followedAt: follows.createdAt,
        })
        .from(follows)
        .innerJoin(users, eq(users.id, other))
        .where(and(eq(own, accountId), before, isNull(users.deletedAt), isShown(sql`${users.id}`)))
        .orderBy(sql`${follows.createdAt} desc, ${other} desc`)
        .limit(limit)
    },

    /** Those who have followed since before `until`, the oldest first, after a place; for the fan-out. */
    async followersUntil(tx: Tx, accountId: string, until: Date, after: Place | undefined, limit: number) {
      const beyond =
        after &&
        sql`(${follows.createdAt}, ${follows.followerId}) > (${after.at.toISOString()}::timestamptz, ${after.id}::uuid)`
      return tx
        .select({ id: follows.followerId, at: follows.createdAt })
        .from(follows)
        .where(
          and(
            eq(follows.followeeId, accountId),
            sql`${follows.createdAt} <= ${until.toISOString()}::timestamptz`,
            beyond,
          ),
        )
        .orderBy(follows.createdAt, follows.followerId)
        .limit(limit)
    },

    /** Those of the accounts whom the viewer follows. */
    async followedAmong(viewerId: string, accountIds: readonly string[]): Promise<Set<string>> {
      if (accountIds.length === 0) return new Set()
      const rows = await db.orm
        .select({ id: follows.followeeId })
        .from(follows)
        .where(and(eq(follows.followerId, viewerId), inArray(follows.followeeId, [...accountIds])))
      return new Set(rows.map(({ id }) => id))
    },

    /** Those of the accounts who follow `followeeId`; one parameter, however many they are. */
    async followersAmong(followeeId: string, accountIds: readonly string[]): Promise<string[]> {
      const rows = await db.orm.execute<{ id: string }>(sql`
        select f.follower_id as id from follows f
        join jsonb_array_elements_text(${JSON.stringify(accountIds)}::text::jsonb) as a(id) on f.follower_id = a.id::uuid
        where f.followee_id = ${followeeId}`)
      return rows.map(({ id }) => id)
    },
  }
}

export type FollowsRepo = ReturnType<typeof createFollowsRepo>
