import { sql } from 'drizzle-orm'
import type { Database, Tx } from '../../infra/db.ts'

/** A piece of work that this process is to do: one of picture, a track of sound, or the look at the file that comes first. */
export type Claim = { runId: string; rungSet: string; index: number }

/** So long after its last sign of life somebody is taken for dead; they give one three times as often. */
const CLAIM_SECONDS = 15

/** Of a run `r`: neither refused nor replaced; one that can be watched already may lack qualities. */
export const isWanted = sql`r.state in ('processing', 'ready')`

/** More workers than that do not choose at once. */
const CLAIM_ATTEMPTS = 5

/**
 * Takes the next piece in turn: of the owner with the fewest pieces under way, and of these the one whose last piece was
 * begun or done longest ago, so that owners take turns also where one piece is made at a time. Of their runs those that
 * nobody has looked at, then the one that waits longest, of it what makes it playable first. Undefined where nothing is free.
 */
export async function claimNext(db: Database): Promise<Claim | undefined> {
  // Who chose the same one at the same moment and came second takes the next.
  for (let attempt = 1; attempt <= CLAIM_ATTEMPTS; attempt++) {
    const claim = await tryClaim(db)
    if (claim) return claim
  }
  return undefined
}

async function tryClaim(db: Database): Promise<Claim | undefined> {
  const rows = await db.orm.execute<Claim>(sql`
    with open as (
      select distinct run_id from video_chunks where state = 'waiting'
    ), owners as (
      select v.owner_id, count(*) filter (where c.state = 'waiting' and c.claimed_until > now()) as under_way,
        max(c.updated_at) filter (where c.state = 'done' or c.claimed_until is not null) as served_at
      from open o join video_chunks c on c.run_id = o.run_id
      join video_runs r on r.id = o.run_id join videos v on v.id = r.video_id
      group by v.owner_id
    ), next as (
      select c.run_id, c.rung_set, c.index
      from open o
      join video_runs r on r.id = o.run_id and ${isWanted}
      join videos v on v.id = r.video_id and v.deleted_at is null
      join owners w on w.owner_id = v.owner_id
      cross join lateral (
        select w.run_id, w.rung_set, w.index, w.rank from video_chunks w
        where w.run_id = r.id and w.state = 'waiting' and (w.claimed_until is null or w.claimed_until < now())
        order by w.rank, w.index limit 1
      ) c
      order by w.under_way, w.served_at nulls first, c.rank >= 0, r.created_at, r.id
      limit 1
    )
    update video_chunks c set claimed_until = now() + make_interval(secs => ${CLAIM_SECONDS}), updated_at = now()
    from next n where c.run_id = n.run_id and c.rung_set = n.rung_set and c.index = n.index
      and c.state = 'waiting' and (c.claimed_until is null or c.claimed_until < now())
    returning c.run_id as "runId", c.rung_set as "rungSet", c.index`)
  return rows[0]
}

const isClaimed = ({ runId, rungSet, index }: Claim) =>
  sql`run_id = ${runId}::uuid and rung_set = ${rungSet} and index = ${index} and state = 'waiting'`

/** A sign of life; false where the piece is not wanted any more. */
export async function keepClaim(db: Database, claim: Claim): Promise<boolean> {
  const rows = await db.orm.execute(sql`
    update video_chunks c set claimed_until = now() + make_interval(secs => ${CLAIM_SECONDS})
    where ${isClaimed(claim)} and exists (
      select 1 from video_runs r join videos v on v.id = r.video_id
      where r.id = c.run_id and ${isWanted} and v.deleted_at is null)
    returning 1`)
  return rows.length > 0
}

/** Lets others have it at once. It was its owner's turn all the same: what fails again and again keeps nobody from theirs. */
export async function releaseClaim(db: Database, claim: Claim): Promise<void> {
  await db.orm.execute(sql`update video_chunks set claimed_until = now() where ${isClaimed(claim)}`)
}

/** When the first of those pieces is free that somebody is at, should they be dead; undefined where nobody is. */
export async function firstEnd(db: Database | { orm: Tx }): Promise<Date | undefined> {
  const [row] = await db.orm.execute<{ at: string | null }>(sql`
    select min(c.claimed_until) as at from video_chunks c
    join video_runs r on r.id = c.run_id join videos v on v.id = r.video_id
    where c.state = 'waiting' and c.claimed_until is not null and ${isWanted} and v.deleted_at is null`)
  return row?.at ? new Date(row.at) : undefined
}

/** How often a sign of life is given. */
export const KEEP_MS = (CLAIM_SECONDS * 1000) / 3
