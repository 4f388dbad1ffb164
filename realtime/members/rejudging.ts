import type { Logger } from '../../src/core/log.ts'
import type { RedisLink } from '../../src/infra/redis/client.ts'
import type { Sessions } from '../session.ts'

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

type OutageDeps = {
  link: Pick<RedisLink, 'onUp' | 'onDown'>
  sessions: Pick<Sessions, 'all'>
  parts: readonly Rejudge[]
  /** The same, tried again until it is done. */
  rejudge: Rejudge
}

/** As often while nothing is heard of changes: a person who was put out elsewhere stays in for no longer. */
const LOOK_MS = 1000

/**
 * While Redis is away this node hears of no change of rights, so it judges everybody again and again; and once more on
 * its return, as a Redis that came back with an older snapshot has forgotten some. Answers the function that ends it.
 */
export function rejudgeWithoutRedis({ link, sessions, parts, rejudge }: OutageDeps): () => void {
  let timer: NodeJS.Timeout | undefined
  let isLooking = false

  async function look(): Promise<void> {
    if (isLooking) return
    isLooking = true
    const each = [...subjectsOf(sessions)].flatMap((streamId) => parts.map((part) => part(streamId)))
    // What can not be judged now is judged at the next look.
    await Promise.allSettled(each)
    isLooking = false
  }

  const unfollowDown = link.onDown(() => {
    timer ??= setInterval(() => void look(), LOOK_MS)
  })
  const stop = () => {
    clearInterval(timer)
    timer = undefined
  }
  const unfollowUp = link.onUp(() => {
    stop()
    for (const streamId of subjectsOf(sessions)) void rejudge(streamId)
  })
  return () => {
    stop()
    unfollowDown()
    unfollowUp()
  }
}

/** What topics are about that some may see and others not. */
const SUBJECTS = ['{streamId}', '{accountId}', '{videoId}']

/** Streams, accounts and videos that somebody here is in a topic of. */
function subjectsOf(sessions: Pick<Sessions, 'all'>): Set<string> {
  const subjectIds = new Set<string>()
  for (const { topics } of sessions.all())
    for (const { pattern, param } of topics.values())
      if (param !== undefined && SUBJECTS.some((name) => pattern.endsWith(name))) subjectIds.add(param)
  return subjectIds
}
