/** A view is counted once somebody watched so much, or half of a shorter video: as long as the field asks (YouTube: 30 s). */
const VIEW_AFTER_MS = 30_000
/** Who watches again on the same evening is one view; who does the next morning is another. */
const VIEW_AGAIN_AFTER = '6 hours'
/** Players play twice as fast at most. */
const FASTEST_RATE = 2
/** The first report comes when playing begins; what a slow network and clocks may add to the time between two of them. */
const SLACK_MS = 5000
/** Who leafs through a video has some hundred pieces; a row that grows with every report must end somewhere. */
const PIECES_MAX = 500

/** How long the pieces of a multirange are together. */
const lengthOf = (sections: string) =>
  `(select coalesce(sum(upper(r) - lower(r)), 0)::int from unnest(${sections}) r)`

/** A report as it is kept; by place, since names would be half of it. `sections` is the text of an int4multirange. */
export type KeptReport = readonly [
  atMs: number,
  videoId: string,
  sessionId: string,
  viewerKey: string,
  accountId: string | null,
  isCounted: boolean,
  sections: string,
  positionMs: number,
  durationMs: number,
  device: string,
  referrer: string,
  country: string | null,
]

/** Keeps reports: $1 is a list of `KeptReport` as JSON, $2 how many. Nothing is read and no row is shared; `COUNT` counts them. */
export const KEEP = `insert into view_reports (reports, reports_count) values ($1, $2)`

/** Of rows that were kept, at most, in one look; a quiet node makes some forty in the pause between two. */
const ROWS_MAX = 200

/**
 * Counts the oldest reports that were kept until they are $1 or more (the last row is taken whole), in one statement: one round trip, one commit. Several nodes do
 * so at once, each with others of them.
 *
 * taken: the reports, which are gone with this · input: one of each session: what it watched in all of them, and where it was last; a
 * session belongs to the viewer who reported it first ·
 * found: the reports with what is known of their sessions, which are locked; in this order, as every node takes them · judged:
 * what they have watched now, unless more was watched than time went by · reached: who became a view by this, one session of a
 * viewer · counted: of those, who was none in the last hours: the row of viewer and video decides between two at once · written:
 * the sessions; what each gained is computed by the row as it is when it is written, so that it is right also where two nodes
 * made it at the same time, and a session of another viewer is left alone · parts, totals: what that adds to days and videos ·
 * locked: the videos, in one order, before anything that the recount (views.recount.ts) writes too · days, updated: their numbers ·
 * history: what begins stands in the history of accounts that keep one, and is not written again with each report.
 *
 * `offset 0` has a length computed once for a row, and `case` has the planner expect that many of the sessions are views: with the few
 * that it would guess it compares each with each.
 *
 * Answers the counters of the videos that have other ones now, and how many reports were counted.
 */
export const COUNT = `
  with taken as materialized (
    delete from view_reports where id in (
      select id from (
        select id, sum(reports_count) over (order by id) - reports_count as before from (
          select id, reports_count from view_reports order by id limit ${ROWS_MAX} for update skip locked) free
      ) oldest where before < $1::int)
    returning id, reports, reports_count
  ), told as materialized (
    select row_number() over (order by t.id, e.nth) as id, to_timestamp((r->>0)::float8 / 1000) as at, (r->>1)::uuid as video_id,
      (r->>2)::uuid as session_id, (r->>3)::uuid as viewer_key, (r->>4)::uuid as account_id, (r->>5)::boolean as is_counted,
      (r->>6)::int4multirange as sections, (r->>7)::int as position_ms, (r->>8)::int as duration_ms,
      (r->>9)::view_device as device, (r->>10)::view_referrer as referrer, r->>11 as country
    from taken t, jsonb_array_elements(t.reports::jsonb) with ordinality e(r, nth)
  ), grouped as materialized (
    select video_id, session_id, viewer_key, min(id) as first_id, min(at) as began_at, max(at) as at,
      range_agg(sections) as added, (array_agg(position_ms order by id desc))[1] as position_ms,
      max(duration_ms) as duration_ms, bool_and(is_counted) as is_counted, (array_agg(account_id order by id desc))[1] as account_id,
      (array_agg(device))[1] as device, (array_agg(referrer))[1] as referrer, (array_agg(country))[1] as country
    from told group by video_id, session_id, viewer_key
  ), input as materialized (
    select i.*, case when i.account_id is not null and not exists (
        select 1 from preferences p where p.user_id = i.account_id and not p.keeps_history) then i.account_id end as kept_for
    from grouped i
  ), found as materialized (
    select i.*, coalesce(k.sections, '{}') as former, coalesce(k.started_at, i.began_at) as started_at, k.counted_at,
      k.viewer_key is null as is_new, coalesce(k.viewer_key, i.viewer_key) = i.viewer_key as is_theirs,
      coalesce(k.sections, '{}') + i.added as wished
    from (select * from input order by video_id, session_id, first_id) i left join lateral (
      select v.sections, v.started_at, v.counted_at, v.viewer_key from video_views v
      where v.video_id = i.video_id and v.session_id = i.session_id limit 1 for update
    ) k on true
  ), judged as materialized (
    select f.*, case when b.is_possible then f.wished else f.former end as whole,
      case when b.is_possible then b.wished_ms else ${lengthOf('f.former')} end as whole_ms
    from (select distinct on (video_id, session_id) * from found where is_theirs
      order by video_id, session_id, first_id) f cross join lateral (
      select ${lengthOf('f.wished')} as wished_ms offset 0
    ) l cross join lateral (
      select l.wished_ms, l.wished_ms <= ${FASTEST_RATE} * extract(epoch from f.at - f.started_at) * 1000 + ${SLACK_MS}
        and (select count(*) from unnest(f.wished)) <= ${PIECES_MAX} as is_possible offset 0
    ) b
  ), reached as materialized (
    select distinct on (j.video_id, j.viewer_key) j.video_id, j.viewer_key, j.session_id, j.at from judged j
    where case when j.is_counted and j.counted_at is null then j.whole_ms >= least(${VIEW_AFTER_MS}, (j.duration_ms + 1) / 2) end
    order by j.video_id, j.viewer_key, j.session_id
  ), marks as (
    insert into video_viewers as m (video_id, viewer_key, counted_at, is_first_of_day)
    select video_id, viewer_key, at, true from reached order by video_id, viewer_key
    on conflict (video_id, viewer_key) do update set counted_at = excluded.counted_at,
      is_first_of_day = (m.counted_at at time zone 'UTC')::date <> (excluded.counted_at at time zone 'UTC')::date
    where m.counted_at <= excluded.counted_at - interval '${VIEW_AGAIN_AFTER}'
    returning video_id, viewer_key, is_first_of_day
  ), counted as materialized (
    select r.*, m.is_first_of_day from marks m join reached r on r.video_id = m.video_id and r.viewer_key = m.viewer_key
  ), written as (
    insert into video_views as v (video_id, session_id, viewer_key, account_id, is_counted, started_at, last_at, sections,
      watch_ms, gained_ms, position_ms, counted_at, device, referrer, country)
    select j.video_id, j.session_id, j.viewer_key, j.kept_for, j.is_counted, j.started_at, j.at, j.whole,
      j.whole_ms, j.whole_ms, j.position_ms, c.at, j.device, j.referrer, j.country
    from judged j left join counted c on c.video_id = j.video_id and c.session_id = j.session_id
    order by j.video_id, j.session_id
    on conflict (video_id, session_id) do update set
      account_id = case when v.account_id is not null then excluded.account_id end, last_at = excluded.last_at, position_ms = excluded.position_ms,
      sections = v.sections + excluded.sections,
      watch_ms = ${lengthOf('v.sections + excluded.sections')},
      gained_ms = ${lengthOf('v.sections + excluded.sections')} - v.watch_ms,
      counted_at = coalesce(v.counted_at, excluded.counted_at)
    where v.viewer_key = excluded.viewer_key
    returning video_id, is_counted, started_at, gained_ms
  ), parts as (
    select video_id, (started_at at time zone 'UTC')::date as day, 0 as views, gained_ms as watch_ms, 0 as viewers
    from written where is_counted and gained_ms > 0
    union all
    select video_id, (at at time zone 'UTC')::date, 1, 0, is_first_of_day::int from counted
  ), totals as materialized (
    select video_id, day, sum(views) as views, sum(watch_ms) as watch_ms, sum(viewers) as viewers
    from parts group by video_id, day
  ), locked as materialized (
    select v.id from videos v where v.id in (select video_id from totals) order by v.id for no key update
  ), days as (
    insert into video_days as d (video_id, day, views, watch_ms, viewers, updated_at)
    select t.video_id, t.day, t.views, t.watch_ms, t.viewers, now() from totals t join locked l on l.id = t.video_id
    order by t.video_id, t.day
    on conflict (video_id, day) do update set views = d.views + excluded.views, watch_ms = d.watch_ms + excluded.watch_ms,
      viewers = d.viewers + excluded.viewers, updated_at = excluded.updated_at
  ), updated as (
    update videos v set views_count = v.views_count + t.views, watch_ms = v.watch_ms + t.watch_ms
    from (select video_id, sum(views)::bigint as views, sum(watch_ms)::bigint as watch_ms from totals
      join locked l on l.id = video_id group by video_id) t
    where v.id = t.video_id
    returning v.id, v.views_count, v.likes_count, t.views as gained, clock_timestamp() as as_of
  ), history as (
    insert into watch_history as h (user_id, video_id, session_id, watched_at)
    select distinct on (kept_for, video_id) kept_for, video_id, session_id, date_trunc('milliseconds', at)
    from judged j where is_new and kept_for is not null
      and exists (select 1 from users u where u.id = kept_for) and exists (select 1 from videos v where v.id = video_id)
    order by kept_for, video_id, session_id desc
    on conflict (user_id, video_id) do update set session_id = excluded.session_id, watched_at = excluded.watched_at
  )
  select id as video_id, views_count as views, likes_count as likes, (extract(epoch from as_of) * 1000)::float8 as as_of_ms, null as counted
  from updated where gained > 0
  union all
  select null, null, null, null, coalesce(sum(reports_count), 0)::int from taken`
