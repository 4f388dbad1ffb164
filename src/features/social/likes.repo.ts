import { and, eq, sql } from 'drizzle-orm'
import { broadcastLikes } from '../../../drizzle/schema/index.ts'
import type { Database } from '../../infra/db.ts'

export type Wish = { userId: string; isLiked: boolean }

export function createLikesRepo(db: Database) {
  return {
    /**
     * Brings the likes of one broadcast to what these people wish, in one statement: only rows that really came or went
     * are counted, so the counter is right whoever races. One wish per person. Undefined where there is no such broadcast.
     */
    async write(
      broadcastId: string,
      wishes: readonly Wish[],
    ): Promise<{ streamId: string; likes: number } | undefined> {
      const input = JSON.stringify(
        wishes.map(({ userId, isLiked }) => ({ user_id: userId, is_liked: isLiked })),
      )
      const statement = sql`
        with input as (
          select * from jsonb_to_recordset(${input}::text::jsonb) as i(user_id uuid, is_liked boolean)
        ), target as (
          select id from broadcasts where id = ${broadcastId} and deleted_at is null
        ), removed as (
          delete from broadcast_likes l using input i
          where l.broadcast_id = ${broadcastId} and l.user_id = i.user_id and not i.is_liked
          returning 1
        ), added as (
          insert into broadcast_likes (broadcast_id, user_id)
          select t.id, u.id from target t cross join input i join users u on u.id = i.user_id and u.deleted_at is null
          where i.is_liked order by u.id
          on conflict do nothing
          returning 1
        )
        update broadcasts b set likes_count = b.likes_count + (select count(*) from added) - (select count(*) from removed)
        from target t where b.id = t.id
        returning b.stream_id, b.likes_count`
      // Not for atomicity, which one statement has: two nodes that lock each other out are tried again.
      const [row] = await db.withTx((tx) => tx.execute<{ stream_id: string; likes_count: number }>(statement))
      return row && { streamId: row.stream_id, likes: row.likes_count }
    },

    async isLikedBy(userId: string, broadcastId: string): Promise<boolean> {
      const rows = await db.orm
        .select({ userId: broadcastLikes.userId })
        .from(broadcastLikes)
        .where(and(eq(broadcastLikes.broadcastId, broadcastId), eq(broadcastLikes.userId, userId)))
      return rows.length > 0
    },
  }
}

export type LikesRepo = ReturnType<typeof createLikesRepo>
