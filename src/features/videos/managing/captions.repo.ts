import { and, asc, count, eq, sql } from 'drizzle-orm'
import { videoCaptions } from '../../../../drizzle/schema/index.ts'
import { newId } from '../../../core/ids.ts'
import type { Database, Tx } from '../../../infra/db.ts'

type Reader = Database['orm'] | Tx
export type CaptionsRow = typeof videoCaptions.$inferSelect
/** Which captions of a video: it has one of each language and kind. */
export type CaptionsName = Pick<CaptionsRow, 'language' | 'kind'>
export type NewCaptions = CaptionsName & Pick<CaptionsRow, 'label' | 'key'>

const named = (videoId: string, { language, kind }: CaptionsName) =>
  and(
    ...[eq(videoCaptions.videoId, videoId), eq(videoCaptions.language, language)],
    eq(videoCaptions.kind, kind),
  )

export const listCaptions = (db: Reader, videoId: string): Promise<CaptionsRow[]> =>
  db
    .select()
    .from(videoCaptions)
    .where(eq(videoCaptions.videoId, videoId))
    .orderBy(asc(videoCaptions.language), asc(videoCaptions.kind))

export async function findCaptions(
  db: Reader,
  videoId: string,
  name: CaptionsName,
): Promise<CaptionsRow | undefined> {
  const [row] = await db.select().from(videoCaptions).where(named(videoId, name))
  return row
}

export async function countCaptions(db: Reader, videoId: string): Promise<number> {
  const [row] = await db
    .select({ rows: count() })
    .from(videoCaptions)
    .where(eq(videoCaptions.videoId, videoId))
  return row?.rows ?? 0
}

/** Puts captions in the place of those of the same language and kind. */
export async function writeCaptions(tx: Tx, videoId: string, captions: NewCaptions): Promise<void> {
  const { label, key } = captions
  await tx
    .insert(videoCaptions)
    .values({ id: newId(), videoId, ...captions })
    .onConflictDoUpdate({
      target: [videoCaptions.videoId, videoCaptions.language, videoCaptions.kind],
      set: { label, key, updatedAt: sql`now()` },
    })
}

/** Answers the key of what was there; undefined where nothing was. */
export async function removeCaptions(
  tx: Tx,
  videoId: string,
  name: CaptionsName,
): Promise<string | undefined> {
  const [row] = await tx
    .delete(videoCaptions)
    .where(named(videoId, name))
    .returning({ key: videoCaptions.key })
  return row?.key
}
