import { createHash } from 'node:crypto'
import { type SQL, sql } from 'drizzle-orm'
import { type Clock, DAY_MS } from '../../core/time.ts'
import type { Database, Tx } from '../../infra/db.ts'
import { enqueue } from '../../infra/jobs.ts'
import { removeFiles } from '../profiles/profiles.service.ts'
import { removeVideoFiles } from '../videos/videos.service.ts'
import { forgetViews } from '../views/views.service.ts'
import { removeExport } from './data.queue.ts'
import { endErasure } from './data.repo.ts'
import { FATES } from './data.tables.ts'

/** Rows of one transaction: it ends long before the statement's time is over, and holds its locks for moments. */
const BATCH_ROWS = 1000
/** Each has rows of its own in a handful of tables. */
const VIDEOS_BATCH = 50
/** As long as people follow old links and mentions. */
const HANDLE_RESERVED_MS = 365 * DAY_MS
/** Random digits of a UUIDv7 that keep two erased accounts apart. */
const NAME_DIGITS = 16

/**
 * Erases an account: every step finds what is left of it, so that it can be broken off and begun again anywhere. The row of
 * the account stays, with nothing in it, as lines of chats lead to it.
 */
export async function erase(db: Database, clock: Clock, accountId: string): Promise<void> {
  for (const { table, column, fate } of FATES) {
    const at = { table: sql.identifier(table), column: sql.identifier(column) }
    const ofThem = sql`select ctid, tableoid from ${at.table} where ${at.column} = ${accountId}::uuid limit ${BATCH_ROWS}`
    // Partitions number their rows each for itself.
    if (fate === 'delete')
      await inBatches(db, sql`delete from ${at.table} where (ctid, tableoid) in (${ofThem}) returning 1`)
    if (fate === 'unlink')
      await inBatches(
        db,
        sql`update ${at.table} set ${at.column} = null where (ctid, tableoid) in (${ofThem}) returning 1`,
      )
  }
  await until(db, (tx) => endFollows(tx, accountId))
  await until(db, (tx) => endLikes(tx, accountId))
  await until(db, (tx) => eraseVideos(tx, accountId))
  await eraseLines(db, accountId)
  await eraseChannel(db, accountId)
  await db.withTx((tx) => empty(tx, accountId, new Date(clock.nowMs() + HANDLE_RESERVED_MS)))
}

/** Runs a step in transactions of its own until it found nothing more to do. */
async function until(db: Database, step: (tx: Tx) => Promise<number>): Promise<void> {
  while ((await db.withTx(step)) > 0);
}

const inBatches = (db: Database, statement: SQL): Promise<void> =>
  until(db, async (tx) => (await tx.execute(statement)).length)

/** Follows go together with the counts of those on the other side, who are locked as all changes of follows lock them. */
async function endFollows(tx: Tx, accountId: string): Promise<number> {
  const batch = await tx.execute<{ follower_id: string; followee_id: string }>(sql`
    select follower_id, followee_id from follows
    where follower_id = ${accountId} or followee_id = ${accountId} limit ${BATCH_ROWS}`)
  if (batch.length === 0) return 0
  const pairs = sql`(select * from jsonb_to_recordset(${JSON.stringify(batch)}::text::jsonb)
    as p(follower_id uuid, followee_id uuid))`
  await tx.execute(sql`
    select id from users where id in (select follower_id from ${pairs} a union select followee_id from ${pairs} b)
    order by id for no key update`)
  // One update for both counts: a statement changes each row once, and who follows back is on both sides.
  await tx.execute(sql`
    with gone as (delete from follows using ${pairs} p
      where follows.follower_id = p.follower_id and follows.followee_id = p.followee_id
      returning follows.follower_id, follows.followee_id),
    lost as (
      select id, sum(followers)::int as followers, sum(following)::int as following from (
        select followee_id as id, 1 as followers, 0 as following from gone
        union all select follower_id, 0, 1 from gone) each_side
      where id <> ${accountId} group by id)
    update users set followers_count = followers_count - lost.followers, following_count = following_count - lost.following
    from lost where users.id = lost.id`)
  return batch.length
}

async function endLikes(tx: Tx, accountId: string): Promise<number> {
  const rows = await tx.execute(sql`
    with batch as materialized (
      select b.id from broadcasts b join broadcast_likes l on l.broadcast_id = b.id
      where l.user_id = ${accountId} order by b.id limit ${BATCH_ROWS} for no key update of b),
    gone as (delete from broadcast_likes l using batch
      where l.broadcast_id = batch.id and l.user_id = ${accountId} returning l.broadcast_id)
    update broadcasts set likes_count = likes_count - 1 from gone where broadcasts.id = gone.broadcast_id returning 1`)
  return rows.length
}

/** Their videos go with everything that leads to them, and then their files. */
async function eraseVideos(tx: Tx, accountId: string): Promise<number> {
  const rows = await tx.execute<{ id: string }>(sql`
    delete from videos where id in (select v.id from videos v where v.owner_id = ${accountId} limit ${VIDEOS_BATCH})
    returning id`)
  for (const { id: videoId } of rows) {
    await enqueue(tx, removeVideoFiles, { videoId, runId: null })
    await enqueue(tx, forgetViews, { videoId })
  }
  return rows.length
}

/** What they wrote in rooms of others: the line keeps its number, and has neither text nor name. */
const eraseLines = (db: Database, accountId: string): Promise<void> =>
  inBatches(
    db,
    sql`update chat_messages set text = '' where (ctid, tableoid) in (
      select ctid, tableoid from chat_messages where author_id = ${accountId}::uuid and text <> '' limit ${BATCH_ROWS})
      returning 1`,
  )

/** Their channel goes, with its broadcasts and its chat. */
async function eraseChannel(db: Database, accountId: string): Promise<void> {
  const [stream] = await db.orm.execute<{ id: string }>(
    sql`select id from streams where owner_id = ${accountId}`,
  )
  if (!stream) return
  const { id } = stream
  const some = (table: SQL, where: SQL) =>
    inBatches(
      db,
      sql`delete from ${table} where (ctid, tableoid) in (
        select ctid, tableoid from ${table} where ${where} limit ${BATCH_ROWS}) returning 1`,
    )
  await some(sql`chat_messages`, sql`stream_id = ${id}::uuid`)
  await some(sql`channel_bans`, sql`stream_id = ${id}::uuid`)
  await some(
    sql`broadcast_likes`,
    sql`broadcast_id in (select b.id from broadcasts b where b.stream_id = ${id}::uuid)`,
  )
  await some(sql`broadcasts`, sql`stream_id = ${id}::uuid`)
  await db.withTx(async (tx) => {
    await tx.execute(sql`delete from topic_heads where topic = ${`chat:${id}`}`)
    await tx.execute(sql`delete from streams where id = ${id}`)
  })
}

type Left = Record<'avatar' | 'cover' | 'email' | 'phone', string | null> & { handle: string }

/** What is left of the account itself: its pictures' and archives' files, its contact, its name. */
async function empty(tx: Tx, accountId: string, reservedUntil: Date): Promise<void> {
  const [row] = await tx.execute<Left>(sql`
    select u.handle, u.avatar ->> 'id' as avatar, p.cover ->> 'id' as cover, c.email, c.phone
    from users u left join credentials c on c.user_id = u.id left join profiles p on p.user_id = u.id
    where u.id = ${accountId} for update of u`)
  if (!row) return
  for (const kind of ['avatar', 'cover'] as const) {
    const id = row[kind]
    if (id !== null) await enqueue(tx, removeFiles, { kind, userId: accountId, id })
  }
  const exports = await tx.execute<{ id: string }>(
    sql`delete from account_exports where user_id = ${accountId} returning id`,
  )
  for (const { id } of exports) await enqueue(tx, removeExport, { exportId: id })
  for (const contact of [row.email, row.phone]) {
    if (contact === null) continue
    await tx.execute(sql`delete from inbox_mails where recipient = ${contact}`)
    await tx.execute(sql`delete from inbox_texts where recipient = ${contact}`)
  }
  await tx.execute(sql`delete from profiles where user_id = ${accountId}`)
  await tx.execute(sql`delete from credentials where user_id = ${accountId}`)
  await tx.execute(sql`delete from topic_heads where topic = ${`notifications:${accountId}`}`)
  const hash = createHash('sha256').update(row.handle).digest('hex')
  await tx.execute(sql`
    insert into reserved_handles (hash, until) values (${hash}, ${reservedUntil.toISOString()}::timestamptz)
    on conflict (hash) do update set until = excluded.until`)
  const nobody = `gone_${accountId.replaceAll('-', '').slice(-NAME_DIGITS)}`
  await tx.execute(sql`
    update users set handle = ${nobody}, display_name = 'Deleted account', avatar = null, verified_at = null,
      role = default, followers_count = 0, following_count = 0, deleted_at = now(), updated_at = now()
    where id = ${accountId}`)
  await endErasure(tx, accountId)
}
