import { DAY_MS, HOUR_MS } from '../../core/time.ts'

/** Milliseconds of the video: from, to. */
export type Section = readonly [fromMs: number, toMs: number]

/** What a player says. */
export type Viewing = {
  videoId: string
  sessionId: string
  sections: readonly Section[]
  positionMs: number
  device: 'desktop' | 'phone' | 'tablet' | 'tv' | 'other'
  referrer: 'direct' | 'home' | 'channel' | 'search' | 'related' | 'feed' | 'history' | 'embed' | 'elsewhere'
}

/** A player begins another session after twelve hours; as much again for a machine that slept, and for a clock that is wrong. */
const SESSION_LIFE_MS = DAY_MS
/** Clocks that go ahead, as far as months of partitions are there; one that is further off than this is of no use. */
const CLOCK_AHEAD_MS = HOUR_MS
/** Between two pictures nothing was watched; pieces shorter than this are what seeking leaves. */
const SECTION_MIN_MS = 100

/** Whether a session is of now: its id says when the player made it (UUIDv7, RFC 9562, 5.7). */
export function isSessionOpen(sessionId: string, nowMs: number): boolean {
  const madeMs = Number.parseInt(sessionId.slice(0, 8) + sessionId.slice(9, 13), 16)
  return madeMs >= nowMs - SESSION_LIFE_MS && madeMs <= nowMs + CLOCK_AHEAD_MS
}

/** What of the sections lies in the video and is long enough to have been watched. */
export const clampSections = (sections: readonly Section[], durationMs: number): Section[] =>
  sections
    .map(([fromMs, toMs]): Section => [fromMs, Math.min(toMs, durationMs)])
    .filter(([fromMs, toMs]) => toMs - fromMs >= SECTION_MIN_MS)
