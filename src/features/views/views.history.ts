import { sql } from 'drizzle-orm'
import type { RouteResponse } from '../../contract/index.ts'
import { fromCursor, type Place, toPage } from '../../core/paging/cursor.ts'
import type { Database } from '../../infra/db.ts'
import type { Watcher } from './viewer-keys.ts'

type Entries = RouteResponse<'listHistory'>
type Card = Entries['entries'][number]['video']

export type ReadCards = (watcher: Pick<Watcher, 'viewer' | 'country'>, videoIds: string[]) => Promise<Card[]>

type Deps = { db: Database; cards: ReadCards }

/** A screen of entries and a half. */
const ENTRIES_ROWS = 24
/** Behind this are credits: whoever came so far begins anew next time. */
const FINISHED_SHARE = 0.95

type Row = {
  video_id: string
  watched_at_ms: number
  duration_ms: number | null
  position_ms: number | null
}

/** How far the last session came, found by its key: a history has few rows that change and sessions have many. */
const POSITION = sql`left join lateral (
  select s.position_ms from video_views s where s.video_id = h.video_id and s.session_id = h.session_id limit 1
) s on true`

/** What somebody watched: theirs alone. */
export function createHistory({ db, cards }: Deps) {
  return {
    /** The last first. What they may not see any more is left out. */
    async list(
      watcher: Pick<Watcher, 'viewer' | 'country'>,
      userId: string,
      cursor: string | undefined,
    ): Promise<Entries> {
      const from = fromCursor(cursor)
      const after = from
        ? sql`and (h.watched_at, h.video_id) < (${from.at.toISOString()}::timestamptz, ${from.id}::uuid)`
        : sql``
      const read = await db.orm.execute<Row>(sql`
        select h.video_id, (extract(epoch from h.watched_at) * 1000)::float8 as watched_at_ms, v.duration_ms, s.position_ms
        from watch_history h join videos v on v.id = h.video_id ${POSITION}
        where h.user_id = ${userId} ${after}
        order by h.watched_at desc, h.video_id desc limit ${ENTRIES_ROWS + 1}`)
      const { rows, nextCursor } = toPage(read, ENTRIES_ROWS, placeOf)
      const ids = rows.map((row) => row.video_id)
      const byId = new Map((await cards(watcher, ids)).map((card) => [card.id, card]))
      const entries = rows.flatMap((row) => {
        const video = byId.get(row.video_id)
        return video ? [{ video, watchedAt: Math.round(row.watched_at_ms), ...progressOf(row) }] : []
      })
      return { entries, nextCursor }
    },

    /** How far they came in videos of their history. */
    async positions(userId: string, videoIds: readonly string[]) {
      const rows = await db.orm.execute<Row & { duration_ms: number }>(sql`
        select h.video_id, 0::float8 as watched_at_ms, v.duration_ms, s.position_ms
        from watch_history h join videos v on v.id = h.video_id ${POSITION}
        where h.user_id = ${userId} and v.duration_ms > 0
          and h.video_id in (select jsonb_array_elements_text(${JSON.stringify(videoIds)}::text::jsonb)::uuid)`)
      return rows.map((row) => ({
        videoId: row.video_id,
        durationMs: row.duration_ms,
        ...progressOf(row),
      }))
    },

    /** Their sessions stay among the numbers of the video, and are nobody's from then on. */
    async remove(userId: string, videoId: string): Promise<void> {
      await db.withTx(async (tx) => {
        await tx.execute(sql`delete from watch_history where user_id = ${userId} and video_id = ${videoId}`)
        await tx.execute(
          sql`update video_views set account_id = null where account_id = ${userId} and video_id = ${videoId}`,
        )
      })
    },

    async clear(userId: string): Promise<void> {
      await db.withTx(async (tx) => {
        await tx.execute(sql`delete from watch_history where user_id = ${userId}`)
        await tx.execute(sql`update video_views set account_id = null where account_id = ${userId}`)
      })
    },
  }
}

const placeOf = (row: Row): Place => ({ at: new Date(row.watched_at_ms), id: row.video_id })

function progressOf({ duration_ms: durationMs, position_ms: positionMs }: Row) {
  const isFinished = durationMs !== null && positionMs !== null && positionMs >= FINISHED_SHARE * durationMs
  return { positionMs: isFinished ? null : positionMs, isFinished }
}
