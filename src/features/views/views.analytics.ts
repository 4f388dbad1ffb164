import { sql } from 'drizzle-orm'
import type { RouteResponse } from '../../contract/index.ts'
import { owns } from '../../core/access/permissions.ts'
import { AppError } from '../../core/errors.ts'
import type { Viewer } from '../../core/viewer.ts'
import type { Database } from '../../infra/db.ts'

type Analytics = RouteResponse<'getVideoAnalytics'>['analytics']

/** A quarter, as far as one looks back day by day. */
const DAYS_MAX = 90
/** A curve of so many sessions moves no more than a pixel with another one; reading them takes some 50 ms. */
const RETENTION_SESSIONS_MAX = 10_000
/** Each part counts for a session that watched its middle. */
const PARTS = 100

/** How a video does, for its owner. Errors: `not_found`. */
export async function readAnalytics(db: Database, viewer: Viewer, videoId: string): Promise<Analytics> {
  const [video] = await db.orm.execute<{ owner_id: string; views: number; watch_ms: number }>(sql`
    select owner_id, views_count::float8 as views, watch_ms::float8 as watch_ms from videos
    where id = ${videoId} and deleted_at is null`)
  if (!video || !owns(viewer, { ownerId: video.owner_id })) throw new AppError('not_found')
  const days = await db.orm.execute<Analytics['days'][number]>(sql`
    select * from (
      select day::text as day, views::float8 as views, watch_ms::float8 as "watchMs", viewers::float8 as viewers
      from video_days where video_id = ${videoId} order by day desc limit ${DAYS_MAX}
    ) d order by day`)
  const [retention] = await db.orm.execute<{ sessions: number; parts: number[]; at_ms: number }>(sql`
    select sessions, parts, (extract(epoch from computed_at) * 1000)::float8 as at_ms from video_retention
    where video_id = ${videoId} and sessions > 0`)
  return {
    ...{ views: video.views, watchMs: video.watch_ms, days: [...days] },
    retention: retention
      ? {
          sessions: retention.sessions,
          shares: retention.parts.map((count) => count / retention.sessions),
          computedAt: Math.round(retention.at_ms),
        }
      : null,
  }
}

/**
 * Reads the retention curve of a video from the sections of its newest sessions. The middle of a part lies in one piece of a
 * session at most, so that a session counts once for it; a piece counts up where it begins and down behind its end, and sums of
 * that are the curve.
 */
export async function computeRetention(db: Database, videoId: string): Promise<void> {
  await db.orm.execute(sql`
    with video as (select id, duration_ms from videos where id = ${videoId} and duration_ms > 0),
    sessions as materialized (
      select s.sections from video_views s where s.video_id = ${videoId} and s.is_counted and s.watch_ms > 0
      order by s.session_id desc limit ${RETENTION_SESSIONS_MAX}
    ), steps as (
      select greatest(0, ceil(lower(r)::float8 * ${PARTS} / v.duration_ms - 0.5))::int as first,
        least(${PARTS}, ceil(upper(r)::float8 * ${PARTS} / v.duration_ms - 0.5))::int as behind
      from sessions s cross join lateral unnest(s.sections) r cross join video v
    ), changes as (
      select first as part, 1 as change from steps where behind > first
      union all select behind, -1 from steps where behind > first
    ), curve as (
      select g.part, (sum(coalesce(c.change, 0)) over (order by g.part))::int as count
      from generate_series(0, ${PARTS - 1}) as g(part)
      left join (select part, sum(change) as change from changes group by part) c on c.part = g.part
    )
    insert into video_retention (video_id, sessions, parts, computed_at)
    select v.id, (select count(*)::int from sessions), (select array_agg(count order by part) from curve), now() from video v
    on conflict (video_id) do update
      set sessions = excluded.sessions, parts = excluded.parts, computed_at = excluded.computed_at`)
}

/** Videos that were watched since their curve was read, those that wait longest first. */
export async function staleRetention(db: Database, limit: number): Promise<string[]> {
  const rows = await db.orm.execute<{ video_id: string }>(sql`
    select d.video_id from video_days d left join video_retention r on r.video_id = d.video_id
    where d.day >= (now() at time zone 'UTC')::date - 1 and (r.video_id is null or d.updated_at > r.computed_at)
    group by d.video_id, r.computed_at order by r.computed_at nulls first, d.video_id limit ${limit}`)
  return rows.map(({ video_id: videoId }) => videoId)
}
