import { writeTime } from '../captions/cues.ts'

/** What stays of a video, in milliseconds of it as it is shown. */
export type Range = { startMs: number; endMs: number }

/** A video, as far as a range of it asks. */
export type Bounds = { durationMs: number; fps: number }

/** As the server asks for. */
export const LENGTH_MIN_MS = 1000
const SECOND_MS = 1000

/** Milliseconds of one frame. */
export const frameMs = ({ fps }: Pick<Bounds, 'fps'>): number => SECOND_MS / fps

/** `0:06.5`: no longer than it must be to be exact. */
export const shortTime = (ms: number): string => writeTime(Math.round(ms)).replace(/\.?0+$/, '')

export const wholeOf = ({ durationMs }: Pick<Bounds, 'durationMs'>): Range => ({
  startMs: 0,
  endMs: durationMs,
})

/** The beginning of the frame nearest to a moment; the end of the video stays what it is. */
export function snap(ms: number, bounds: Bounds): number {
  if (bounds.durationMs - ms < frameMs(bounds) / 2) return bounds.durationMs
  return Math.max(0, Math.round(Math.round(ms / frameMs(bounds)) * frameMs(bounds)))
}

/** A range with its beginning moved there, or as near as it may. */
export const withStart = ({ endMs }: Range, toMs: number, bounds: Bounds): Range => ({
  startMs: Math.min(snap(toMs, bounds), lastStart(endMs, bounds)),
  endMs,
})

/** The same for its end. */
export const withEnd = ({ startMs }: Range, toMs: number, bounds: Bounds): Range => ({
  startMs,
  endMs: Math.max(snap(toMs, bounds), firstEnd(startMs, bounds)),
})

/** The last frame from which on there is a second. */
const lastStart = (endMs: number, bounds: Bounds) =>
  Math.max(0, Math.floor(Math.floor((endMs - LENGTH_MIN_MS) / frameMs(bounds)) * frameMs(bounds)))

const firstEnd = (startMs: number, bounds: Bounds) =>
  Math.min(
    bounds.durationMs,
    Math.ceil(Math.ceil((startMs + LENGTH_MIN_MS) / frameMs(bounds)) * frameMs(bounds)),
  )

export const isWithin = ({ startMs, endMs }: Range, { durationMs }: Pick<Bounds, 'durationMs'>): boolean =>
  startMs >= 0 && endMs <= durationMs && endMs - startMs >= LENGTH_MIN_MS

export const isWhole = ({ startMs, endMs }: Range, { durationMs }: Pick<Bounds, 'durationMs'>): boolean =>
  startMs === 0 && endMs === durationMs

/** By how much a key moves a handle; undefined for keys that do not. */
export function stepOf(
  { key, shiftKey }: { key: string; shiftKey: boolean },
  bounds: Bounds,
): number | undefined {
  const size = shiftKey || key.startsWith('Page') ? SECOND_MS : frameMs(bounds)
  if (key === 'ArrowLeft' || key === 'ArrowDown' || key === 'PageDown') return -size
  if (key === 'ArrowRight' || key === 'ArrowUp' || key === 'PageUp') return size
  return undefined
}
