import { and, eq, sql } from 'drizzle-orm'
import {
  videoAudioTracks,
  videoCaptions,
  videoChunks,
  videoRenditions,
  videoRuns,
  videos,
} from '../../../drizzle/schema/index.ts'
import type { Database, Tx } from '../../infra/db.ts'
import type { AudioRecord, CaptionRecord, ChunkRecord, Cut, Plan } from '../../infra/transcoding/model.ts'
import type { Claim } from './claims.repo.ts'
import type { Parts } from './progress.ts'

type Reader = Database['orm'] | Tx

export type Run = {
  id: string
  videoId: string
  ownerId: string
  state: typeof videoRuns.$inferSelect.state
  sourceKey: string
  /** What of the file is wanted; undefined for all of it. */
  cut: Cut | undefined
  /** Its video shows a run of the same file, which it is to take the place of. */
  isFromShown: boolean
  prepared: Prepared | null
}

/** What was found out about a file. */
export type Prepared = {
  plan: Plan
  /** ThumbHashes in base64 of the pictures to choose a poster from, and which of them shows most. */
  posterHashes: string[]
  posterChoice: number
}

/** A run that is wanted: neither it nor its video was given up. */
export async function findRun(db: Reader, runId: string): Promise<Run | undefined> {
  const [row] = await db
    .select({
      ...{ id: videoRuns.id, videoId: videoRuns.videoId, ownerId: videos.ownerId, state: videoRuns.state },
      ...{ sourceKey: videoRuns.sourceKey, prepared: videoRuns.plan },
      ...{ cutStartMs: videoRuns.cutStartMs, cutEndMs: videoRuns.cutEndMs },
      isFromShown: sql<boolean>`exists (
        select 1 from video_runs s where s.id = ${videos.runId} and s.id <> ${videoRuns.id}
          and s.source_key = ${videoRuns.sourceKey})`,
    })
    .from(videoRuns)
    .innerJoin(videos, eq(videos.id, videoRuns.videoId))
    .where(and(eq(videoRuns.id, runId), sql`${videos.deletedAt} is null`))
  if (!row) return undefined
  const { cutStartMs: startMs, cutEndMs: endMs, ...run } = row
  const cut = startMs === null || endMs === null ? undefined : { startMs, endMs }
  return { ...run, cut, prepared: run.prepared as Prepared | null }
}

/** Pieces that are no picture, by what stands in the place of their rungs. */
export const LOOK = 'look'
export const SOUND = 'sound'

/** The look at a file costs least and comes before everything that it finds. */
const LOOK_PIECE = { rungSet: LOOK, index: 0, rank: -1, weight: 1 }
/** Nothing is played without its sound, which costs next to nothing beside pixels. */
const SOUND_PIECE = { rungSet: SOUND, rank: 0, weight: 1 }

/** Begins the work on a file; false where that was done before. */
export async function insertLook(tx: Tx, runId: string): Promise<boolean> {
  const inserted = await tx
    .insert(videoChunks)
    .values({ ...LOOK_PIECE, runId, state: 'waiting' })
    .onConflictDoNothing()
    .returning({ runId: videoChunks.runId })
  return inserted.length > 0
}

export type PlannedPieces = { rungSet: string; rank: number; weight: number }

/** Writes what is to be made; false where that was written before. */
export async function writePlan(
  tx: Tx,
  runId: string,
  prepared: Prepared,
  sets: readonly PlannedPieces[],
): Promise<boolean> {
  const { plan } = prepared
  const written = await tx
    .update(videoRuns)
    .set({ plan: prepared, updatedAt: sql`now()` })
    .where(and(eq(videoRuns.id, runId), eq(videoRuns.state, 'processing'), sql`${videoRuns.plan} is null`))
    .returning({ id: videoRuns.id })
  if (written.length === 0) return false
  await tx.insert(videoRenditions).values(
    plan.rungs.map(({ name, width, height, rate, step, maxrateBps }) => ({
      ...{ runId, rung: name, width, height, bitrateBps: maxrateBps },
      fps: rate.num / rate.den / step,
    })),
  )
  const pieces = sets.flatMap((set) => Array.from({ length: plan.chunks }, (_, index) => ({ ...set, index })))
  await tx.insert(videoChunks).values(pieces.map((piece) => ({ ...piece, runId, state: 'waiting' as const })))
  const { audio } = plan.source
  if (audio.length > 0) {
    await tx
      .insert(videoChunks)
      .values(audio.map(({ index }) => ({ ...SOUND_PIECE, runId, index, state: 'waiting' as const })))
    await tx.insert(videoAudioTracks).values(
      audio.map(({ index, language, title, channels, isDefault }, at) => ({
        ...{ runId, position: index, language: language ?? null, channels: Math.min(channels, 2), isDefault },
        ...{ label: title ?? language ?? `${at + 1}`, bitrateBps: 0 },
      })),
    )
  }
  return true
}

/** Writes what came out of a piece; false where somebody else had made it, or it is not wanted any more. */
export async function finishPiece(tx: Tx, { runId, rungSet, index }: Claim, records: readonly ChunkRecord[]) {
  const done = await tx
    .update(videoChunks)
    .set({ state: 'done', records, claimedUntil: null, updatedAt: sql`now()` })
    .where(ofPiece({ runId, rungSet, index }))
    .returning({ runId: videoChunks.runId })
  return done.length > 0
}

/** Counts a failure of ffmpeg, and how many there were now. */
export async function countFailure(db: Reader, { runId, rungSet, index }: Claim): Promise<number> {
  const [row] = await db
    .update(videoChunks)
    .set({ failures: sql`${videoChunks.failures} + 1`, claimedUntil: null })
    .where(ofPiece({ runId, rungSet, index }))
    .returning({ failures: videoChunks.failures })
  return row?.failures ?? 0
}

const ofPiece = ({ runId, rungSet, index }: Claim) =>
  and(
    ...[eq(videoChunks.runId, runId), eq(videoChunks.rungSet, rungSet)],
    ...[eq(videoChunks.index, index), eq(videoChunks.state, 'waiting')],
  )

/** Of a run that is given up: nobody is to take them any more. */
export async function dropWaiting(db: Reader, runId: string): Promise<void> {
  await db.delete(videoChunks).where(and(eq(videoChunks.runId, runId), eq(videoChunks.state, 'waiting')))
}

export async function finishSound(db: Reader, runId: string, record: AudioRecord): Promise<void> {
  await db
    .update(videoAudioTracks)
    .set({ record })
    .where(and(eq(videoAudioTracks.runId, runId), eq(videoAudioTracks.position, record.track)))
}

/** How much of a run is made, by what it costs; `isPlayable`: everything of the first set and all sound. */
export async function readParts(
  db: Reader,
  runId: string,
): Promise<Parts & { isPlayable: boolean; isWhole: boolean }> {
  const [row] = await db.execute<Record<keyof Parts | 'firstLeft', string>>(sql`
    select p.*, s.* from (
      select coalesce(sum(weight) filter (where state = 'done'), 0) as done, coalesce(sum(weight), 0) as "all",
        count(*) filter (where state = 'waiting' and rank = 0) as "firstLeft"
      from video_chunks where run_id = ${runId}::uuid) p,
    (select count(*) filter (where record is not null) as "soundDone", count(*) as "soundAll"
      from video_audio_tracks where run_id = ${runId}::uuid) s`)
  const of = (name: keyof Parts | 'firstLeft') => Number(row?.[name] ?? 0)
  const parts = { done: of('done'), all: of('all'), soundDone: of('soundDone'), soundAll: of('soundAll') }
  const hasSound = parts.soundDone === parts.soundAll
  return {
    ...parts,
    isPlayable: hasSound && parts.all > 0 && of('firstLeft') === 0,
    isWhole: hasSound && parts.all > 0 && parts.done === parts.all,
  }
}

/** Everything that is there, for the playlists. */
export async function readRecords(
  db: Reader,
  runId: string,
): Promise<{ chunks: ChunkRecord[]; audio: AudioRecord[] }> {
  const chunks = await db
    .select({ records: videoChunks.records })
    .from(videoChunks)
    .where(and(eq(videoChunks.runId, runId), eq(videoChunks.state, 'done')))
    .orderBy(videoChunks.rank, videoChunks.index)
  const audio = await db
    .select({ record: videoAudioTracks.record })
    .from(videoAudioTracks)
    .where(and(eq(videoAudioTracks.runId, runId), sql`${videoAudioTracks.record} is not null`))
    .orderBy(videoAudioTracks.position)
  return {
    chunks: chunks.flatMap(({ records }) => records as ChunkRecord[]),
    audio: audio.map(({ record }) => record as AudioRecord),
  }
}

/** The captions of a video, of which none is on by itself. */
export async function readCaptions(db: Reader, videoId: string): Promise<CaptionRecord[]> {
  const rows = await db
    .select({ key: videoCaptions.key, language: videoCaptions.language, label: videoCaptions.label })
    .from(videoCaptions)
    .where(eq(videoCaptions.videoId, videoId))
    .orderBy(videoCaptions.label, videoCaptions.id)
  return rows.map((row) => ({ ...row, isDefault: false }))
}

/** Notes which qualities are in the playlists now. */
export async function markRenditions(
  tx: Tx,
  runId: string,
  chunks: readonly ChunkRecord[],
  count: number,
): Promise<void> {
  for (const rung of new Set(chunks.map((chunk) => chunk.rung))) {
    const records = chunks.filter((chunk) => chunk.rung === rung)
    if (records.length < count) continue
    const sizeBytes = records.reduce(
      (sum, { segmentBytes }) => sum + segmentBytes.reduce((a, b) => a + b, 0),
      0,
    )
    await tx
      .update(videoRenditions)
      .set({
        codec: records[0]?.codec ?? null,
        sizeBytes,
        readyAt: sql`coalesce(${videoRenditions.readyAt}, now())`,
      })
      .where(and(eq(videoRenditions.runId, runId), eq(videoRenditions.rung, rung)))
  }
}

/** Names these locks among the advisory locks of a database. */
const TURNS = { count: 7_230_147, publish: 7_230_148 } as const

/** One process at a time from here to the end of the transaction; rows of the run stay free for others. */
export const takeTurn = (tx: Tx, runId: string, what: keyof typeof TURNS) =>
  tx.execute(sql`select pg_advisory_xact_lock(hashtextextended(${runId}, ${TURNS[what]}))`)
