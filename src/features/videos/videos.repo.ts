import { and, asc, desc, eq, inArray, isNull, lte, type SQL, sql } from 'drizzle-orm'
import { personColumns } from '../../../drizzle/schema/accounts.ts'
import {
  users,
  videoCaptions,
  videoChapters,
  videoRuns,
  videos,
  videoUploads,
} from '../../../drizzle/schema/index.ts'
import { isUuid } from '../../core/ids.ts'
import type { Place } from '../../core/paging/cursor.ts'
import { AS_OF_MS, type Database, type Tx } from '../../infra/db.ts'
import { mayHearSql, viewerSql } from '../safety/visibility.service.ts'

type Reader = Database['orm'] | Tx
export type VideoRow = typeof videos.$inferSelect
export type RunRow = typeof videoRuns.$inferSelect
export type VideoChanges = Partial<Omit<VideoRow, 'id' | 'ownerId' | 'isShort'>>
export type Kind = 'videos' | 'shorts' | undefined
type PremieresAsked = {
  ownerId: string | undefined
  visibilities: readonly VideoRow['visibility'][]
  now: Date
  limit: number
}
export type OwnedVideo = NonNullable<Awaited<ReturnType<typeof findVideo>>>
export type ManagedRow = { video: VideoRow; run: RunRow | null; offsetBytes: number | null }

const isOutNow = (now: Date): SQL => sql`${videos.publishedAt} <= ${now.toISOString()}::timestamptz`
/** A premiere that plays is watched on its page, where nobody is ahead of others, and not in the feed of short ones. */
const isPlayingTogether = (now: Date): SQL => sql`(${videos.isPremiere}
  and ${videos.publishedAt} = ${videos.scheduledFor}
  and ${videos.publishedAt} + ${videos.durationMs} * interval '1 millisecond' > ${now.toISOString()}::timestamptz)`
const isKind = (kind: Kind, now: Date): SQL =>
  kind === undefined
    ? sql`true`
    : kind === 'shorts'
      ? sql`(${videos.isShort} and not ${isPlayingTogether(now)})`
      : sql`not ${videos.isShort}`
/** Rows behind a place of a list whose newest come first. */
const behind = (column: typeof videos.publishedAt | typeof videos.createdAt, from: Place | undefined): SQL =>
  from
    ? sql`(${column}, ${videos.id}) < (${from.at.toISOString()}::timestamptz, ${from.id}::uuid)`
    : sql`true`

/** A video with its owner, also one that was deleted. */
export async function findVideo(db: Reader, videoId: string) {
  const [row] = await db
    .select({ video: videos, owner: personColumns })
    .from(videos)
    .innerJoin(users, eq(users.id, videos.ownerId))
    .where(eq(videos.id, videoId))
  return row
}

/** The same of several, in any order; ids that lead to nothing are left out. */
export const findVideos = async (db: Reader, videoIds: readonly string[]) =>
  videoIds.length === 0
    ? []
    : await db
        .select({ video: videos, owner: personColumns })
        .from(videos)
        .innerJoin(users, eq(users.id, videos.ownerId))
        .where(inArray(videos.id, [...videoIds]))

/** Videos as they are at a time of the database, deleted ones too. */
export const readAsOf = async (db: Database, videoIds: readonly string[]) =>
  db.orm
    .select({ video: videos, asOfMs: AS_OF_MS })
    .from(videos)
    .where(inArray(videos.id, videoIds.filter(isUuid)))

/** The same for its owner to change: locked until the transaction ends. */
export async function lockVideo(tx: Tx, videoId: string): Promise<VideoRow | undefined> {
  const [row] = await tx.select().from(videos).where(eq(videos.id, videoId)).for('no key update')
  return row
}

export async function createVideo(
  tx: Tx,
  video: Pick<VideoRow, 'id' | 'ownerId' | 'title' | 'state'>,
): Promise<string> {
  await tx.insert(videos).values(video)
  return video.id
}

export async function changeVideo(tx: Tx, videoId: string, changes: VideoChanges): Promise<void> {
  await tx
    .update(videos)
    .set({ ...changes, updatedAt: sql`now()` })
    .where(eq(videos.id, videoId))
}

/** Captions and chapters, in the order that they are shown in. */
export async function readParts(db: Reader, videoId: string) {
  const captions = await db
    .select()
    .from(videoCaptions)
    .where(eq(videoCaptions.videoId, videoId))
    .orderBy(asc(videoCaptions.label))
  const chapters = await db
    .select({ startMs: videoChapters.startMs, title: videoChapters.title })
    .from(videoChapters)
    .where(eq(videoChapters.videoId, videoId))
    .orderBy(asc(videoChapters.startMs))
  return { captions, chapters }
}

/** What is public and may be brought to somebody, the newest first. */
export function listPublic(
  db: Reader,
  viewerId: string | undefined,
  { kind, from, now, limit }: { kind: Kind; from: Place | undefined; now: Date; limit: number },
): Promise<OwnedVideo[]> {
  return db
    .select({ video: videos, owner: personColumns })
    .from(videos)
    .innerJoin(users, eq(users.id, videos.ownerId))
    .where(
      and(
        eq(videos.state, 'ready'),
        eq(videos.visibility, 'public'),
        isNull(videos.deletedAt),
        ...[isOutNow(now), isKind(kind, now), behind(videos.publishedAt, from)],
        mayHearSql(viewerSql(viewerId), sql`${videos.ownerId}`, 'all'),
      ),
    )
    .orderBy(desc(videos.publishedAt), desc(videos.id))
    .limit(limit)
}

/** What a channel lists of these visibilities, the newest first. */
export async function listChannel(
  db: Reader,
  ownerId: string,
  visibilities: VideoRow['visibility'][],
  { kind, from, now, limit }: { kind: Kind; from: Place | undefined; now: Date; limit: number },
): Promise<OwnedVideo[]> {
  if (visibilities.length === 0) return []
  return await db
    .select({ video: videos, owner: personColumns })
    .from(videos)
    .innerJoin(users, eq(users.id, videos.ownerId))
    .where(
      and(
        ...[eq(videos.ownerId, ownerId), eq(videos.state, 'ready'), isNull(videos.deletedAt)],
        inArray(videos.visibility, visibilities),
        ...[isOutNow(now), isKind(kind, now), behind(videos.publishedAt, from)],
      ),
    )
    .orderBy(desc(videos.publishedAt), desc(videos.id))
    .limit(limit)
}

/** Premieres that may be brought to somebody, the next one first; of one owner only where one is named. */
export const listPremieres = (
  db: Reader,
  viewerId: string | undefined,
  { ownerId, visibilities, now, limit }: PremieresAsked,
): Promise<OwnedVideo[]> =>
  db
    .select({ video: videos, owner: personColumns })
    .from(videos)
    .innerJoin(users, eq(users.id, videos.ownerId))
    .where(
      and(
        ...[eq(videos.isPremiere, true), eq(videos.state, 'ready'), isNull(videos.deletedAt)],
        sql`${videos.publishedAt} > ${now.toISOString()}::timestamptz`,
        sql`${videos.publishedAt} = ${videos.scheduledFor}`,
        inArray(videos.visibility, [...visibilities]),
        ownerId === undefined
          ? mayHearSql(viewerSql(viewerId), sql`${videos.ownerId}`, 'all')
          : eq(videos.ownerId, ownerId),
      ),
    )
    .orderBy(asc(videos.publishedAt), asc(videos.id))
    .limit(limit)

/** An account by its handle; undefined where there is none, or none any more. */
export async function findOwner(db: Reader, handle: string) {
  const [row] = await db
    .select(personColumns)
    .from(users)
    .where(and(eq(users.handle, handle), isNull(users.deletedAt)))
  return row
}

/** The newest run of a video: the one that is coming, else the one that is shown. */
const newestRun = sql`coalesce(${videos.nextRunId}, ${videos.runId})`

const managed = (db: Reader) =>
  db
    .select({ video: videos, run: videoRuns, offsetBytes: videoUploads.offsetBytes })
    .from(videos)
    .leftJoin(videoRuns, sql`${videoRuns.id} = ${newestRun}`)
    .leftJoin(videoUploads, eq(videoUploads.runId, videoRuns.id))

export async function findManaged(db: Reader, videoId: string): Promise<ManagedRow | undefined> {
  const [row] = await managed(db).where(eq(videos.id, videoId))
  return row
}

/** What somebody has, the newest first. */
export const listManaged = (
  db: Reader,
  ownerId: string,
  { state, from, limit }: { state: VideoRow['state'] | undefined; from: Place | undefined; limit: number },
): Promise<ManagedRow[]> =>
  managed(db)
    .where(
      and(
        eq(videos.ownerId, ownerId),
        isNull(videos.deletedAt),
        behind(videos.createdAt, from),
        state && eq(videos.state, state),
      ),
    )
    .orderBy(desc(videos.createdAt), desc(videos.id))
    .limit(limit)

/** What of somebody's changed last, deleted ones too, and when that was so. */
export async function lastChanged(
  db: Database,
  ownerId: string,
  limit: number,
): Promise<{ rows: ManagedRow[]; asOfMs: number }> {
  // The time is read first: of two reads the one that began later may know more, and never less.
  const [time] = await db.orm.select({ asOfMs: AS_OF_MS }).from(sql`(select 1) as once`)
  const rows = await managed(db.orm)
    .where(eq(videos.ownerId, ownerId))
    .orderBy(desc(videos.updatedAt))
    .limit(limit)
  return { rows, asOfMs: time?.asOfMs ?? 0 }
}

/** Ids of videos that were deleted before then, locked; others that look at the same moment get others. */
export async function lockPurgeable(tx: Tx, before: Date, limit: number): Promise<string[]> {
  const rows = await tx
    .select({ id: videos.id })
    .from(videos)
    .where(lte(videos.deletedAt, before))
    .limit(limit)
    .for('update', { skipLocked: true })
  return rows.map(({ id }) => id)
}

export async function purgeVideos(tx: Tx, videoIds: readonly string[]): Promise<void> {
  if (videoIds.length > 0) await tx.delete(videos).where(inArray(videos.id, [...videoIds]))
}
