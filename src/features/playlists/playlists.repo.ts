import { and, asc, desc, eq, gt, inArray, isNull, lte, type SQL, sql } from 'drizzle-orm'
import { personColumns } from '../../../drizzle/schema/accounts.ts'
import { playlistItems, playlists, users } from '../../../drizzle/schema/index.ts'
import type { Place } from '../../core/paging/cursor.ts'
import type { Database, Tx } from '../../infra/db.ts'

type Reader = Database['orm'] | Tx
export type PlaylistRow = typeof playlists.$inferSelect
export type PlaylistChanges = Partial<Pick<PlaylistRow, 'title' | 'description' | 'visibility' | 'deletedAt'>>
export type Listed = Awaited<ReturnType<typeof listOwn>>[number]

/** As many are looked through for one that somebody may see, and that stands for the list. */
const COVERS_TRIED = 4

const count = sql<number>`(select count(*)::int from playlist_items i where i.playlist_id = ${playlists.id})`
const firstIds = sql<string[]>`(
  select coalesce(jsonb_agg(f.video_id order by f.position), '[]'::jsonb) from (
    select i.video_id, i.position from playlist_items i where i.playlist_id = ${playlists.id}
    order by i.position limit ${COVERS_TRIED}) f)`
const holds = (videoId: string | undefined): SQL<boolean> =>
  videoId === undefined
    ? sql<boolean>`false`
    : sql<boolean>`exists (
        select 1 from playlist_items i where i.playlist_id = ${playlists.id} and i.video_id = ${videoId}::uuid)`

const listed = (db: Reader, videoId?: string) =>
  db
    .select({ playlist: playlists, owner: personColumns, count, firstIds, holdsVideo: holds(videoId) })
    .from(playlists)
    .innerJoin(users, eq(users.id, playlists.ownerId))

/** A list with its owner, also one that was deleted. */
export async function findPlaylist(db: Reader, id: string): Promise<Listed | undefined> {
  const [row] = await listed(db).where(eq(playlists.id, id))
  return row
}

/** The same for its owner to change: locked until the transaction ends, with what is in it. */
export async function lockPlaylist(tx: Tx, id: string): Promise<PlaylistRow | undefined> {
  const [row] = await tx.select().from(playlists).where(eq(playlists.id, id)).for('no key update')
  return row
}

/** Everything of somebody but what they deleted: what they watch later first, then the newest. */
export const listOwn = (db: Reader, ownerId: string, videoId: string | undefined) =>
  listed(db, videoId)
    .where(and(eq(playlists.ownerId, ownerId), isNull(playlists.deletedAt)))
    .orderBy(desc(sql`${playlists.kind} = 'watch_later'`), desc(playlists.createdAt), desc(playlists.id))

/** The public ones of a channel, the newest first. */
export const listPublic = (db: Reader, ownerId: string, from: Place | undefined, limit: number) =>
  listed(db)
    .where(
      and(
        eq(playlists.ownerId, ownerId),
        eq(playlists.visibility, 'public'),
        isNull(playlists.deletedAt),
        from &&
          sql`(${playlists.createdAt}, ${playlists.id}) < (${from.at.toISOString()}::timestamptz, ${from.id}::uuid)`,
      ),
    )
    .orderBy(desc(playlists.createdAt), desc(playlists.id))
    .limit(limit)

/** Id of the list of what somebody watches later, which is made where there is none yet. */
export async function watchLaterOf(db: Reader, ownerId: string, newId: () => string): Promise<string> {
  const find = async () => {
    const [row] = await db
      .select({ id: playlists.id })
      .from(playlists)
      .where(and(eq(playlists.ownerId, ownerId), eq(playlists.kind, 'watch_later')))
    return row?.id
  }
  const known = await find()
  if (known !== undefined) return known
  const id = newId()
  await db
    .insert(playlists)
    .values({ id, ownerId, kind: 'watch_later', title: '', visibility: 'private' })
    .onConflictDoNothing()
  return (await find()) ?? id
}

/** An account by its handle; undefined where there is none, or none any more. */
export async function findOwner(db: Reader, handle: string): Promise<{ id: string } | undefined> {
  const [row] = await db
    .select({ id: users.id })
    .from(users)
    .where(and(eq(users.handle, handle), isNull(users.deletedAt)))
  return row
}

/** How many lists of their own somebody has; nobody else makes or restores one of theirs until the transaction ends. */
export async function countOwn(tx: Tx, ownerId: string): Promise<number> {
  await tx.select({ id: users.id }).from(users).where(eq(users.id, ownerId)).for('no key update')
  const [row] = await tx
    .select({ count: sql<number>`count(*)::int` })
    .from(playlists)
    .where(and(eq(playlists.ownerId, ownerId), eq(playlists.kind, 'own'), isNull(playlists.deletedAt)))
  return row?.count ?? 0
}

export async function createPlaylist(
  tx: Tx,
  playlist: Pick<PlaylistRow, 'id' | 'ownerId' | 'title' | 'description' | 'visibility'>,
): Promise<void> {
  await tx.insert(playlists).values(playlist)
}

export async function changePlaylist(tx: Tx, id: string, changes: PlaylistChanges): Promise<void> {
  await tx
    .update(playlists)
    .set({ ...changes, updatedAt: sql`now()` })
    .where(eq(playlists.id, id))
}

/** Videos of a list in its order, behind a position. */
export const listItems = (db: Reader, playlistId: string, after: number, limit: number) =>
  db
    .select({ videoId: playlistItems.videoId, position: playlistItems.position })
    .from(playlistItems)
    .where(and(eq(playlistItems.playlistId, playlistId), gt(playlistItems.position, after)))
    .orderBy(asc(playlistItems.position))
    .limit(limit)

/** What there is in a list, and whether a video is among it. */
export async function countItems(tx: Tx, playlistId: string, videoId: string) {
  const [row] = await tx
    .select({
      count: sql<number>`count(*)::int`,
      holdsVideo: sql<boolean>`coalesce(bool_or(${playlistItems.videoId} = ${videoId}::uuid), false)`,
    })
    .from(playlistItems)
    .where(eq(playlistItems.playlistId, playlistId))
  return row ?? { count: 0, holdsVideo: false }
}

/** Puts a video behind all others of a list that is locked. */
export async function appendItem(tx: Tx, playlistId: string, videoId: string): Promise<void> {
  await tx.execute(sql`
    insert into playlist_items (playlist_id, video_id, position)
    select ${playlistId}::uuid, ${videoId}::uuid, coalesce(max(position), 0) + 1 from playlist_items where playlist_id = ${playlistId}`)
}

/** Puts a video of a list that is locked behind another one; null: before all, and last where that one is not there. */
export async function moveItem(
  tx: Tx,
  playlistId: string,
  videoId: string,
  afterVideoId: string | null,
): Promise<void> {
  const anchor =
    afterVideoId === null
      ? sql`0`
      : sql`coalesce(
          (select position from playlist_items where playlist_id = ${playlistId} and video_id = ${afterVideoId}),
          (select max(position) from playlist_items where playlist_id = ${playlistId}))`
  await tx.execute(sql`
    update playlist_items i set position = o.position from (
      select video_id, row_number() over (
        order by case when video_id = ${videoId} then ${anchor} else position end, video_id = ${videoId}) as position
      from playlist_items where playlist_id = ${playlistId}) o
    where i.playlist_id = ${playlistId} and i.video_id = o.video_id and i.position <> o.position`)
}

export async function removeItem(tx: Tx, playlistId: string, videoId: string): Promise<void> {
  await tx
    .delete(playlistItems)
    .where(and(eq(playlistItems.playlistId, playlistId), eq(playlistItems.videoId, videoId)))
}

/** Removes for good what was deleted before then. */
export async function purgePlaylists(db: Reader, before: Date, limit: number): Promise<void> {
  const gone = db
    .select({ id: playlists.id })
    .from(playlists)
    .where(lte(playlists.deletedAt, before))
    .limit(limit)
  await db.delete(playlists).where(inArray(playlists.id, gone))
}
