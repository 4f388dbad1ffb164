import { type Database, sqlState } from '../../infra/db.ts'
import type { Viewing } from './views.judging.ts'
import { RECORD } from './views.statement.ts'

/** What one session reports, judged and ready to be written. */
export type Report = Viewing & {
  viewerKey: string
  accountId: string | null
  isCounted: boolean
  durationMs: number
  country: string | null
}

/** Counters of a video as they are in the database since `asOfMs`. */
export type Counters = { videoId: string; views: number; likes: number; asOfMs: number }

type Row = {
  video_id: string
  session_id: string | null
  views: string | null
  likes: number | null
  as_of_ms: number | null
}

/**
 * Two nodes met over the same rows (serialization_failure, deadlock_detected), or a video or an account was deleted in the same
 * moment (foreign_key_violation): what is there is found by another try.
 */
const RETRYABLE = new Set(['40001', '40P01', '23503'])
const ATTEMPTS = 4

export const sessionKey = (videoId: string, sessionId: string) => `${videoId} ${sessionId}`

export function createViewsRepo(db: Database) {
  async function attempt(values: readonly string[]): Promise<Row[]> {
    for (let nth = 1; ; nth++) {
      try {
        return await db.statement<Row>(RECORD, values)
      } catch (error) {
        if (nth === ATTEMPTS || !RETRYABLE.has(sqlState(error) ?? '')) throw error
      }
    }
  }

  return {
    /** Records reports, one of a session, and answers the keys of those that were taken and the counters that changed. */
    async record(reports: readonly Report[], nowMs: number) {
      const rows = await attempt([inputOf(reports), new Date(nowMs).toISOString()])
      const taken = new Set<string>()
      const counters: Counters[] = []
      for (const { video_id: videoId, session_id: sessionId, views, likes, as_of_ms: asOfMs } of rows) {
        if (sessionId !== null) taken.add(sessionKey(videoId, sessionId))
        else counters.push({ videoId, views: Number(views), likes: likes ?? 0, asOfMs: asOfMs ?? 0 })
      }
      return { taken, counters }
    },
  }
}

export type ViewsRepo = ReturnType<typeof createViewsRepo>

/** Every node takes rows in the same order, so that none waits for another that waits for it. */
const inputOf = (reports: readonly Report[]): string =>
  JSON.stringify(
    reports
      .map((report) => ({ report, key: sessionKey(report.videoId, report.sessionId) }))
      .sort((a, b) => (a.key < b.key ? -1 : 1))
      .map(({ report }, place) => ({
        ...{ place, video_id: report.videoId, session_id: report.sessionId },
        ...{ viewer_key: report.viewerKey, account_id: report.accountId, is_counted: report.isCounted },
        sections_text: `{${report.sections.map(([fromMs, toMs]) => `[${fromMs},${toMs})`).join()}}`,
        ...{ position_ms: report.positionMs, duration_ms: report.durationMs },
        ...{ device: report.device, referrer: report.referrer, country: report.country },
      })),
  )
