import { type Database, sqlState } from '../../infra/db.ts'
import type { Viewing } from './views.judging.ts'
import { COUNT, KEEP, type KeptReport } from './views.statement.ts'

/** What one session reports, judged and ready to be written. */
export type Report = Viewing & {
  atMs: number
  viewerKey: string
  accountId: string | null
  isCounted: boolean
  durationMs: number
  country: string | null
}

/** Counters of a video as they are in the database since `asOfMs`. */
export type Counters = { videoId: string; views: number; likes: number; asOfMs: number }

type Row = {
  video_id: string | null
  views: string | null
  likes: number | null
  as_of_ms: number | null
  counted: number | null
}

/**
 * Two nodes met over the same rows (serialization_failure, deadlock_detected), or a video or an account was deleted in the same
 * moment (foreign_key_violation): what is there is found by another try.
 */
const RETRYABLE = new Set(['40001', '40P01', '23503'])
const ATTEMPTS = 4

export function createViewsRepo(db: Database) {
  async function attempt(limit: number): Promise<Row[]> {
    for (let nth = 1; ; nth++) {
      try {
        return await db.statement<Row>(COUNT, [limit])
      } catch (error) {
        if (nth === ATTEMPTS || !RETRYABLE.has(sqlState(error) ?? '')) throw error
      }
    }
  }

  return {
    /** Keeps reports until they are counted; from then on they are not lost. */
    async keep(reports: readonly Report[]): Promise<void> {
      await db.statement(KEEP, [JSON.stringify(reports.map(toKept)), reports.length])
    },

    /** Counts the oldest of the reports that were kept, about `limit`: how many, and the counters that changed. */
    async count(limit: number): Promise<{ counted: number; counters: Counters[] }> {
      const rows = await attempt(limit)
      const counters = rows.flatMap(({ video_id: videoId, views, likes, as_of_ms: asOfMs }) =>
        videoId === null ? [] : [{ videoId, views: Number(views), likes: likes ?? 0, asOfMs: asOfMs ?? 0 }],
      )
      return { counted: rows.find(({ counted }) => counted !== null)?.counted ?? 0, counters }
    },
  }
}

export type ViewsRepo = ReturnType<typeof createViewsRepo>

const toKept = (report: Report): KeptReport => [
  report.atMs,
  report.videoId,
  report.sessionId,
  report.viewerKey,
  report.accountId,
  report.isCounted,
  `{${report.sections.map(([fromMs, toMs]) => `[${fromMs},${toMs})`).join()}}`,
  report.positionMs,
  report.durationMs,
  report.device,
  report.referrer,
  report.country,
]
