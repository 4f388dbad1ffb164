import { createHash } from 'node:crypto'
import { AppError } from '../../../core/errors.ts'
import type { VideoRow } from '../videos.repo.ts'

/*
 * A premiere is a scheduled video whose page is there before its time.
 *
 *   none ──its owner says so, with a time to come──▶ waiting ──its time──▶ playing ──its length later──▶ over
 *    ▲                                                  │                     │
 *    └──────────────── its owner calls it off ◀─────────┴─────────────────────┘
 *
 * While it waits its page and its poster are seen by whoever may watch it then, and none of its other files by anybody but
 * its owner and staff. While it plays all see the same place. Once it is over it is a video as any other. One that was private or not ready
 * when its time came has missed it: it comes out later than planned, and as any other.
 */

type Timed = Pick<VideoRow, 'isPremiere' | 'state' | 'publishedAt' | 'scheduledFor' | 'durationMs'>

export type Premiere = { startsAt: number; endsAt: number }

/** From when to when a video is shown to all at once, in milliseconds since the epoch; undefined for one that never was or will be. */
export function premiereOf(video: Timed): Premiere | undefined {
  const { isPremiere, state, publishedAt, scheduledFor, durationMs } = video
  if (!isPremiere || state !== 'ready' || publishedAt === null || durationMs === null) return undefined
  const startsAt = publishedAt.getTime()
  return scheduledFor?.getTime() === startsAt ? { startsAt, endsAt: startsAt + durationMs } : undefined
}

/** Until when its page is all that there is of it; undefined where that is not so. */
export function waitsUntil(video: Timed, nowMs: number): number | undefined {
  const premiere = premiereOf(video)
  return premiere && nowMs < premiere.startsAt ? premiere.startsAt : undefined
}

/** As long as it waits or plays. */
export function currentPremiere(video: Timed, nowMs: number): Premiere | undefined {
  const premiere = premiereOf(video)
  return premiere && nowMs < premiere.endsAt ? premiere : undefined
}

/** Changes with everything that its page shows, and says nothing of it. */
export function premiereVersion(video: VideoRow): string {
  const { title, description, tags, category, visibility, publishedAt, isPremiere, durationMs } = video
  const { isAgeRestricted, thumbhash, posterId, posterChoice, runId, state } = video
  const shown = [title, description, tags, category, visibility, publishedAt, isPremiere, durationMs]
  const files = [isAgeRestricted, thumbhash, posterId, posterChoice, runId, state]
  return createHash('sha256')
    .update(JSON.stringify([shown, files]))
    .digest('base64url')
    .slice(0, VERSION_CHARS)
}

/** 72 bits: two versions of one page are never the same by chance. */
const VERSION_CHARS = 12

type Wanted = { isPremiere?: boolean | undefined; scheduledFor?: Date | null | undefined }

/**
 * Whether a video is a premiere after its owner changed it so: who takes its time away calls it off. Errors: `conflict` with
 * `{ reason: 'out' | 'time' }` where it is out already, or the time is not to come.
 */
export function plannedPremiere(video: Timed, wanted: Wanted, nowMs: number): boolean {
  const isPremiere = wanted.isPremiere ?? (video.isPremiere && wanted.scheduledFor !== null)
  const at = wanted.scheduledFor === undefined ? video.scheduledFor : wanted.scheduledFor
  const isSame = isPremiere === video.isPremiere && at?.getTime() === video.scheduledFor?.getTime()
  // Whoever saves other things says again what is so.
  if (!isPremiere || isSame) return isPremiere
  if (video.publishedAt && video.publishedAt.getTime() <= nowMs)
    throw new AppError('conflict', 'This video is out already: it can have no premiere any more.', {
      reason: 'out',
    })
  if (!at || at.getTime() <= nowMs)
    throw new AppError('conflict', 'A premiere needs a time that is still to come.', { reason: 'time' })
  return true
}
