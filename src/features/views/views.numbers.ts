import { type SQL, sql } from 'drizzle-orm'
import { AS_OF_MS, type Database, type Tx } from '../../infra/db.ts'
import type { Counters } from './views.repo.ts'

/** Views and likes of videos as the database has them. */
export async function readCounters(db: Database, videoIds: readonly string[]): Promise<Counters[]> {
  const rows = await db.orm.execute<{ id: string; views: number; likes: number; at_ms: number }>(sql`
    select id, views_count::float8 as views, likes_count as likes, ${AS_OF_MS} as at_ms from videos
    where id in (${idsOf(videoIds)}) and deleted_at is null`)
  return rows.map(({ id, views, likes, at_ms: asOfMs }) => ({ videoId: id, views, likes, asOfMs }))
}

const idsOf = (ids: readonly string[]): SQL =>
  sql`select jsonb_array_elements_text(${JSON.stringify(ids)}::text::jsonb)::uuid`

/**
 * Numbers of a video by day as its sessions say, for the days from `from` on: views and viewers by the day of the view, watch
 * time by the day on which the session began. Sessions begin a day at most before their first report (views.judging.ts), and
 * can go on for one.
 */
const rebuilt = (videoId: string, from: string) => sql`
  select day, sum(views)::bigint as views, sum(watch_ms)::bigint as watch_ms, sum(viewers)::bigint as viewers from (
    select (started_at at time zone 'UTC')::date as day, 0 as views, watch_ms, 0 as viewers from ${sessionsOf(videoId, from)} a
    union all
    select (counted_at at time zone 'UTC')::date, count(*), 0, count(distinct viewer_key) from ${sessionsOf(videoId, from)} b
    where counted_at is not null group by 1
  ) parts where day >= ${from}::date group by day having sum(views) > 0 or sum(watch_ms) > 0`

const sessionsOf = (videoId: string, from: string) => sql`(
  select * from video_views where video_id = ${videoId} and is_counted
    and session_id >= first_uuid_of((${from}::date - 3)::timestamp at time zone 'UTC'))`

/**
 * Counts a video anew from `from` on, mends what differs, and then its sums. The video is locked first, as all who change its
 * numbers lock it before they do: what is not committed yet is added to what stands here then.
 */
export async function recount(
  tx: Tx,
  videoId: string,
  from: string,
): Promise<{ days: string[]; isSumMended: boolean }> {
  const locked = await tx.execute(sql`select 1 from videos where id = ${videoId} for no key update`)
  if (locked.length === 0) return { days: [], isSumMended: false }
  const days = await tx.execute<{ day: string }>(sql`
    with right_ones as materialized (${rebuilt(videoId, from)}),
    mended as (
      insert into video_days as d (video_id, day, views, watch_ms, viewers, updated_at)
      select ${videoId}::uuid, day, views, watch_ms, viewers, now() from right_ones
      on conflict (video_id, day) do update
        set views = excluded.views, watch_ms = excluded.watch_ms, viewers = excluded.viewers, updated_at = now()
        where (d.views, d.watch_ms, d.viewers) <> (excluded.views, excluded.watch_ms, excluded.viewers)
      returning day::text
    ), gone as (
      delete from video_days d where d.video_id = ${videoId} and d.day >= ${from}::date
        and not exists (select 1 from right_ones r where r.day = d.day)
      returning day::text
    )
    select day from mended union all select day from gone order by day`)
  const sums = await tx.execute(sql`
    with sums as (
      select coalesce(sum(views), 0)::bigint as views, coalesce(sum(watch_ms), 0)::bigint as watch_ms
      from video_days where video_id = ${videoId}
    )
    update videos v set views_count = sums.views, watch_ms = sums.watch_ms from sums
    where v.id = ${videoId} and (v.views_count, v.watch_ms) <> (sums.views, sums.watch_ms) returning 1`)
  return { days: days.map(({ day }) => day), isSumMended: sums.length > 0 }
}

/** Videos behind `after` that have numbers of `from` or later, in the order of their ids. */
export async function videosWithDays(
  db: Database,
  from: string,
  after: string,
  limit: number,
): Promise<string[]> {
  const rows = await db.orm.execute<{ id: string }>(sql`
    select id from videos v where id > ${after} and (
      exists (select 1 from video_days d where d.video_id = v.id and d.day >= ${from}::date)
      or exists (select 1 from video_views s where s.video_id = v.id
        and s.session_id >= first_uuid_of(${from}::date::timestamp at time zone 'UTC')))
    order by id limit ${limit}`)
  return rows.map(({ id }) => id)
}
