import { and, eq, ne, sql } from 'drizzle-orm'
import { personColumns } from '../../../../drizzle/schema/accounts.ts'
import { users, videos } from '../../../../drizzle/schema/index.ts'
import type { Database } from '../../../infra/db.ts'
import { mayHearSql, viewerSql } from '../../safety/visibility.service.ts'
import type { OwnedVideo, VideoRow } from '../videos.repo.ts'

/** As many of the same channel, and of everybody, are compared: what came out before is not brought up by itself. */
const OF_CHANNEL = 60
const OF_ALL = 400

type Options = { viewerId: string | undefined; now: Date; limit: number }

/**
 * Public videos that go with one, and that may be brought to somebody: of the same channel, then with the same tags or of the
 * same category, the newest first among equals. One query over two indexes, whatever there is.
 */
export async function listRelated(
  db: Database['orm'],
  { id, ownerId, category, tags }: VideoRow,
  { viewerId, now, limit }: Options,
): Promise<OwnedVideo[]> {
  const isShown = sql`v.state = 'ready' and v.visibility = 'public' and v.deleted_at is null
    and v.published_at <= ${now.toISOString()}::timestamptz`
  const candidates = sql`(
    (select v.id from videos v where v.owner_id = ${ownerId} and ${isShown} order by v.published_at desc limit ${OF_CHANNEL})
    union
    (select v.id from videos v where ${isShown} order by v.published_at desc limit ${OF_ALL}))`
  const shared = sql`(
    select count(*) from unnest(${videos.tags}) own
    where own in (select jsonb_array_elements_text(${JSON.stringify(tags)}::text::jsonb)))`
  // The same channel weighs as two shared tags, and a tag as two categories.
  const nearness = sql`(case when ${videos.ownerId} = ${ownerId} then 4 else 0 end)
    + least(${shared}, 3) * 2 + (case when ${videos.category} = ${category} then 1 else 0 end)`
  return await db
    .select({ video: videos, owner: personColumns })
    .from(videos)
    .innerJoin(users, eq(users.id, videos.ownerId))
    .where(
      and(
        sql`${videos.id} in ${candidates}`,
        ne(videos.id, id),
        mayHearSql(viewerSql(viewerId), sql`${videos.ownerId}`, 'all'),
      ),
    )
    .orderBy(sql`${nearness} desc`, sql`${videos.publishedAt} desc`, sql`${videos.id} desc`)
    .limit(limit)
}
