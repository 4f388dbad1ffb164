import { sql } from 'drizzle-orm'
import { activities } from '../../../drizzle/schema/index.ts'
import { newId } from '../../core/ids.ts'
import type { Place } from '../../core/paging/cursor.ts'
import type { Database, Tx } from '../../infra/db.ts'
import { mayHearSql, viewerSql } from '../safety/visibility.service.ts'

export type ActivityKind = typeof activities.$inferSelect.kind
export type Activity = { id: string; kind: ActivityKind; subjectId: string; createdAt: Date }

export function createFeedRepo(db: Database) {
  return {
    /** Undefined where this was recorded before. */
    async insert(
      tx: Tx,
      activity: { actorId: string; kind: ActivityKind; subjectId: string },
    ): Promise<Activity | undefined> {
      const [row] = await tx
        .insert(activities)
        .values({ id: newId(), ...activity })
        .onConflictDoNothing()
        .returning()
      return row
    },

    /**
     * What those do whom somebody follows and wants to hear of, the newest first. Each of them gives `limit` from the index at most, so that
     * the cost grows with how many one follows and not with how much they did.
     */
    async ofFollowed(viewerId: string, from: Place | undefined, limit: number): Promise<Activity[]> {
      const before = from
        ? sql`and (a.created_at, a.id) < (${from.at.toISOString()}::timestamptz, ${from.id}::uuid)`
        : sql``
      const rows = await db.orm.execute<{
        id: string
        kind: ActivityKind
        subject_id: string
        at_ms: number
      }>(sql`
        select a.id, a.kind, a.subject_id, (extract(epoch from a.created_at) * 1000)::float8 as at_ms
        from follows f cross join lateral (
          select * from activities a where a.actor_id = f.followee_id ${before}
          order by a.created_at desc, a.id desc limit ${limit}
        ) a
        where f.follower_id = ${viewerId} and ${mayHearSql(viewerSql(viewerId), sql`f.followee_id`, 'all')}
        order by a.created_at desc, a.id desc limit ${limit}`)
      return rows.map((row) => ({
        id: row.id,
        kind: row.kind,
        subjectId: row.subject_id,
        createdAt: new Date(row.at_ms),
      }))
    },
  }
}

export type FeedRepo = ReturnType<typeof createFeedRepo>
