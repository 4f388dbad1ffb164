/** From when to when a premiere plays, in milliseconds since the epoch by the clock of the server. */
export type PremiereTimes = { startsAt: number; endsAt: number }

export type Phase = 'waiting' | 'playing' | 'over'

export function phaseAt({ startsAt, endsAt }: PremiereTimes, nowMs: number): Phase {
  if (nowMs < startsAt) return 'waiting'
  return nowMs < endsAt ? 'playing' : 'over'
}

/** How long until the next phase; undefined where there is none. */
export function untilNextMs({ startsAt, endsAt }: PremiereTimes, nowMs: number): number | undefined {
  if (nowMs < startsAt) return startsAt - nowMs
  return nowMs < endsAt ? endsAt - nowMs : undefined
}

const SECOND_MS = 1000

/** Where everybody is, in seconds of the video: at its beginning before its time, and at its end after it. */
export const commonPlaceS = ({ startsAt, endsAt }: PremiereTimes, nowMs: number): number =>
  Math.max(0, Math.min(nowMs, endsAt) - startsAt) / SECOND_MS

/**
 * How far the clock of the server is ahead of the steady one of this page. The server says its time somewhere between the
 * question and the answer: taken for the middle, it is wrong by half of what both took together at most.
 */
export const serverAheadMs = (serverNowMs: number, askedAtMs: number, answeredAtMs: number): number =>
  serverNowMs - (askedAtMs + answeredAtMs) / 2

/** The time of the server, by a clock that nobody sets (performance.now): a viewer's own may be hours off, or be put right meanwhile. */
export const serverNow = (aheadMs: number): number => performance.now() + aheadMs

/** More than this ahead of all others is what was not shown yet; less comes from clocks and from players that start. */
const AHEAD_MAX_S = 0.3
/** Behind by more than this, two who talk about the same picture do not see the same. */
const DRIFT_MAX_S = 0.6
/** Who seeks to so near of the others' place wants to be with them. */
const NEAR_S = 1.5

/** What a player is to do about its place: go to that of all, or nothing. `follows`: its viewer wants to be where all are. */
export function correction(atS: number, commonS: number, follows: boolean): 'ahead' | 'behind' | undefined {
  if (atS - commonS > AHEAD_MAX_S) return 'ahead'
  return follows && commonS - atS > DRIFT_MAX_S ? 'behind' : undefined
}

/** Whether somebody who seeks to a place wants to be where all are from then on. */
export const isNear = (atS: number, commonS: number): boolean => commonS - atS <= NEAR_S
