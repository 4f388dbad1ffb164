import type { Logger } from '../../src/core/log.ts'

/** Judges who is here anew on a stream; one part for topics, one for media. */
export type Rejudge = (streamId: string, viewers?: readonly string[]) => Promise<void>

/** A database that was away for a moment is asked again before anybody notices. */
const RETRY_MS = 250

/**
 * Puts out who may not stay, part by part, all of them at once. What can not be judged now is judged again until it can
 * be: nobody stays in for good because the database was away at the wrong moment.
 */
export function createRejudging({ parts, log }: { parts: readonly Rejudge[]; log: Logger }): Rejudge {
  const attempt = async (part: Rejudge, streamId: string, viewers: readonly string[] | undefined) => {
    try {
      await part(streamId, viewers)
    } catch (error) {
      log.warn({ streamId, error }, 'Who may stay in a stream could not be judged; it is tried again')
      setTimeout(() => void attempt(part, streamId, viewers), RETRY_MS)
    }
  }
  return async (streamId, viewers) => {
    await Promise.all(parts.map((part) => attempt(part, streamId, viewers)))
  }
}
