import { LOCALE } from '../text/messages.ts'

const SECOND_MS = 1000
const MINUTE_MS = 60 * SECOND_MS
const HOUR_MS = 60 * MINUTE_MS
const DAY_MS = 24 * HOUR_MS

const relative = new Intl.RelativeTimeFormat(LOCALE, { numeric: 'auto' })
const exact = new Intl.DateTimeFormat(LOCALE, { dateStyle: 'medium', timeStyle: 'short' })
const clock = new Intl.DateTimeFormat(LOCALE, { hour: '2-digit', minute: '2-digit' })

/** `3:07`, `1:02:09` – how long something has been going on; never negative. */
export function formatDuration(durationMs: number): string {
  const seconds = Math.max(0, Math.floor(durationMs / SECOND_MS))
  const hours = Math.floor(seconds / 3600)
  const minutes = Math.floor((seconds % 3600) / 60)
  const pad = (value: number) => String(value).padStart(2, '0')
  return hours > 0 ? `${hours}:${pad(minutes)}:${pad(seconds % 60)}` : `${minutes}:${pad(seconds % 60)}`
}

/** `0:16` – how long something is as a whole: encoders end some milliseconds before the second. */
export const formatLength = (durationMs: number): string =>
  formatDuration(Math.round(durationMs / SECOND_MS) * SECOND_MS)

/** `in 2 hours`, `5 minutes ago`, `now`; the largest unit that is not zero. */
export function formatRelative(atMs: number, nowMs: number): string {
  const distanceMs = atMs - nowMs
  const size = Math.abs(distanceMs)
  if (size < MINUTE_MS) return relative.format(Math.trunc(distanceMs / SECOND_MS), 'second')
  if (size < HOUR_MS) return relative.format(Math.trunc(distanceMs / MINUTE_MS), 'minute')
  if (size < DAY_MS) return relative.format(Math.trunc(distanceMs / HOUR_MS), 'hour')
  return relative.format(Math.trunc(distanceMs / DAY_MS), 'day')
}

/** `Nov 22, 2026, 2:15 PM`, for what a relative time stands for. */
export const formatExact = (atMs: number): string => exact.format(atMs)

/** `02:15 PM`, for a line of chat. */
export const formatClock = (atMs: number): string => clock.format(atMs)

/** `1d 02:03:09` – counts down, with days only where there are some. */
export function formatCountdown(remainingMs: number): string {
  const left = Math.max(0, remainingMs)
  const days = Math.floor(left / DAY_MS)
  return days > 0 ? `${days}d ${formatDuration(left % DAY_MS)}` : formatDuration(left)
}

/** The value of an `<input type="datetime-local">` for a moment, in the reader's own time zone. */
export function toLocalInput(atMs: number): string {
  const date = new Date(atMs)
  return new Date(atMs - date.getTimezoneOffset() * MINUTE_MS).toISOString().slice(0, 16)
}
