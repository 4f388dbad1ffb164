import type { Readiness } from '../http/probes.ts'
import type { Platform, PlatformDatabase } from './platform.ts'

/** A database that does not answer within this is none that requests could wait for. */
const PING_TIMEOUT_MS = 2000

/**
 * Readiness by a round trip through what the roles of this process need. Live video, ffmpeg or a Redis that is missing only
 * degrades a node: everything else goes on.
 */
export function createReadiness(
  { media, log, life, link }: Platform,
  { db }: PlatformDatabase,
  /** What keeps this process from preparing videos, if it is to. */
  videoProblem: () => string | undefined,
): () => Promise<Readiness> {
  return async () => {
    if (life.isEnding) return { status: 'unready', checks: { process: 'is ending' } }
    const database = await db.ping(PING_TIMEOUT_MS).then(
      () => 'ok',
      (error: unknown) => {
        log.warn({ error }, 'The database does not answer')
        return 'no answer'
      },
    )
    const { state, message } = media.status()
    const redis =
      link &&
      (await link.ping().then(
        () => 'ok',
        () => 'no answer',
      ))
    const videos = videoProblem()
    const checks = {
      ...{ database, media: state === 'ready' ? 'ok' : message },
      ...(redis && { redis }),
      ...(videos && { videos }),
    }
    if (database !== 'ok') return { status: 'unready', checks }
    const isWhole = state === 'ready' && redis !== 'no answer' && videos === undefined
    return { status: isWhole ? 'ready' : 'degraded', checks }
  }
}
