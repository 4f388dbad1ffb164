import { and, eq, inArray, isNull, lte, ne, or, type SQL, sql } from 'drizzle-orm'
import { users, videoRuns, videos, videoUploads } from '../../../drizzle/schema/index.ts'
import { newId } from '../../core/ids.ts'
import type { Database, Tx } from '../../infra/db.ts'
import type { RunRow } from './videos.repo.ts'

type Reader = Database['orm'] | Tx
export type UploadRow = typeof videoUploads.$inferSelect
export type FoundUpload = { upload: UploadRow; run: RunRow }

/** Of one account at a time, so that two uploads that begin at once do not both take the last place. */
export async function lockOwner(tx: Tx, ownerId: string): Promise<void> {
  await tx.select({ id: users.id }).from(users).where(eq(users.id, ownerId)).for('no key update')
}

/**
 * How much an account has stored and promised to send, deleted videos too until they are gone, and how many it sends now. A file
 * of several runs counts once.
 */
export async function usageOf(
  db: Reader,
  ownerId: string,
): Promise<{ usedBytes: number; receiving: number }> {
  const files = db
    .selectDistinct({ sourceKey: videoRuns.sourceKey, sizeBytes: videoRuns.sizeBytes })
    .from(videoRuns)
    .innerJoin(videos, eq(videos.id, videoRuns.videoId))
    .where(and(eq(videos.ownerId, ownerId), ne(videoRuns.state, 'failed')))
    .as('files')
  const [sums] = await db.select({ usedBytes: sql<string>`coalesce(sum(${files.sizeBytes}), 0)` }).from(files)
  const [count] = await db
    .select({ receiving: sql<number>`count(*)::int` })
    .from(videoUploads)
    .where(and(eq(videoUploads.ownerId, ownerId), eq(videoUploads.state, 'receiving')))
  return { usedBytes: Number(sums?.usedBytes ?? 0), receiving: count?.receiving ?? 0 }
}

export type NewUpload = {
  ownerId: string
  videoId: string
  fileName: string
  sizeBytes: number
  sha256: string | null
  expiresAt: Date
}

/** Where the file of a run is, as it came. */
export const sourceKeyOf = (videoId: string, runId: string) => `videos/${videoId}/${runId}/source.bin`

/** Writes a run with its upload, and that it is the next one of its video. Answers its id and where the file goes. */
export async function insertUpload(
  tx: Tx,
  { videoId, fileName, ...upload }: NewUpload,
): Promise<{ runId: string; sourceKey: string }> {
  const runId = newId()
  const sourceKey = sourceKeyOf(videoId, runId)
  const { sizeBytes } = upload
  await tx
    .insert(videoRuns)
    .values({ id: runId, videoId, state: 'uploading', fileName, sourceKey, sizeBytes })
  await tx.insert(videoUploads).values({ runId, state: 'receiving', ...upload })
  return { runId, sourceKey }
}

/** Writes a run of the file that another run has: of a part of it, or without a cut of all of it. Answers its id. */
export async function insertCutRun(
  tx: Tx,
  { videoId, fileName, sourceKey, sizeBytes }: RunRow,
  cut: { startMs: number; endMs: number } | undefined,
): Promise<string> {
  const runId = newId()
  const part = { cutStartMs: cut?.startMs ?? null, cutEndMs: cut?.endMs ?? null }
  await tx
    .insert(videoRuns)
    .values({ id: runId, videoId, state: 'processing', fileName, sourceKey, sizeBytes, ...part })
  return runId
}

export async function findUpload(db: Reader, runId: string): Promise<FoundUpload | undefined> {
  const [row] = await db
    .select({ upload: videoUploads, run: videoRuns })
    .from(videoUploads)
    .innerJoin(videoRuns, eq(videoRuns.id, videoUploads.runId))
    .where(eq(videoUploads.runId, runId))
  return row
}

/** Writes how much is there, if the upload is not over. */
export async function moveUpload(
  db: Reader,
  runId: string,
  offsetBytes: number,
  expiresAt: Date,
): Promise<void> {
  await db
    .update(videoUploads)
    .set({ offsetBytes: sql`least(${offsetBytes}::bigint, size_bytes)`, expiresAt, updatedAt: sql`now()` })
    .where(and(eq(videoUploads.runId, runId), eq(videoUploads.state, 'receiving')))
  const percent = sql`least(100, floor(100.0 * ${offsetBytes}::bigint / size_bytes))::int`
  await db
    .update(videoRuns)
    .set({ percent, updatedAt: sql`now()` })
    .where(and(eq(videoRuns.id, runId), eq(videoRuns.state, 'uploading')))
}

/** Ends an upload, once: undefined where it has ended before. */
export async function endUpload(
  tx: Tx,
  runId: string,
  state: 'complete' | 'expired',
): Promise<UploadRow | undefined> {
  const [row] = await tx
    .update(videoUploads)
    .set({
      state,
      ...(state === 'complete' && { offsetBytes: sql`size_bytes` }),
      updatedAt: sql`now()`,
    })
    .where(and(eq(videoUploads.runId, runId), eq(videoUploads.state, 'receiving')))
    .returning()
  return row
}

/** Changes a run that is in one of these states; undefined where it is in none of them, or is gone. */
export async function moveRun(
  db: Reader,
  runId: string,
  from: readonly RunRow['state'][],
  changes: Partial<Pick<RunRow, 'state' | 'stage' | 'percent' | 'failureCode' | 'failureMessage'>>,
): Promise<RunRow | undefined> {
  const [row] = await db
    .update(videoRuns)
    .set({ ...changes, updatedAt: sql`now()` })
    .where(and(eq(videoRuns.id, runId), inArray(videoRuns.state, [...from])))
    .returning()
  return row
}

export async function findRun(db: Reader, runId: string): Promise<RunRow | undefined> {
  const [row] = await db.select().from(videoRuns).where(eq(videoRuns.id, runId))
  return row
}

/** Deletes runs of a video whose files are not there yet; answers their ids. */
export async function removeUploading(tx: Tx, videoId: string, runId?: string): Promise<string[]> {
  const rows = await tx
    .delete(videoRuns)
    .where(
      and(
        eq(videoRuns.videoId, videoId),
        eq(videoRuns.state, 'uploading'),
        runId === undefined ? undefined : eq(videoRuns.id, runId),
      ),
    )
    .returning({ id: videoRuns.id })
  return rows.map(({ id }) => id)
}

/** Uploads that came no further until now; a sweep that fails half-way finds them again. */
export const expiredUploads = (db: Reader, now: Date, limit: number): Promise<FoundUpload[]> =>
  db
    .select({ upload: videoUploads, run: videoRuns })
    .from(videoUploads)
    .innerJoin(videoRuns, eq(videoRuns.id, videoUploads.runId))
    .where(and(eq(videoUploads.state, 'receiving'), lte(videoUploads.expiresAt, now)))
    .limit(limit)

/** Whether files of a run, or without one of any run of a video, are still wanted. */
export async function isWanted(db: Reader, videoId: string, runId: string | null): Promise<boolean> {
  if (runId === null) {
    const rows = await db.select({ id: videos.id }).from(videos).where(eq(videos.id, videoId))
    return rows.length > 0
  }
  return await hasWanted(db, eq(videoRuns.id, runId))
}

/**
 * Whether a run of a video still needs a file that was sent. Where none does, none ever will: only runs of the file that is
 * shown are added to it.
 */
export const isSourceWanted = (db: Reader, videoId: string, sourceKey: string): Promise<boolean> =>
  hasWanted(db, and(eq(videoRuns.videoId, videoId), eq(videoRuns.sourceKey, sourceKey)))

async function hasWanted(db: Reader, which: SQL | undefined): Promise<boolean> {
  const rows = await db
    .select({ id: videoRuns.id })
    .from(videoRuns)
    .leftJoin(videoUploads, eq(videoUploads.runId, videoRuns.id))
    .where(
      and(
        ...[which, ne(videoRuns.state, 'failed')],
        or(isNull(videoUploads.state), ne(videoUploads.state, 'expired')),
      ),
    )
    .limit(1)
  return rows.length > 0
}
