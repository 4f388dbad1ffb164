import type { Cut } from '../model.ts'
import type { Cue } from './cues.ts'

/** Captions of a whole file as they are for a part of it, which begins at zero. What is not in it is left out. */
export const cutCues = (cues: readonly Cue[], { startMs, endMs }: Cut): Cue[] =>
  cues.flatMap((cue) => {
    const from = Math.max(cue.startMs, startMs) - startMs
    const to = Math.min(cue.endMs, endMs) - startMs
    return to > from ? [{ ...cue, startMs: from, endMs: to }] : []
  })

/**
 * The other way: captions of a part of a file as they are for all of it, together with those that `former` has outside of
 * that part. A former one that is half in it was seen there, and is taken for replaced.
 */
export function uncutCues(cues: readonly Cue[], { startMs, endMs }: Cut, former: readonly Cue[]): Cue[] {
  const lengthMs = endMs - startMs
  const within = cues.flatMap((cue) =>
    cue.startMs < lengthMs
      ? [{ ...cue, startMs: cue.startMs + startMs, endMs: Math.min(cue.endMs, lengthMs) + startMs }]
      : [],
  )
  const outside = former.filter((cue) => cue.endMs <= startMs || cue.startMs >= endMs)
  return [...within, ...outside].sort((a, b) => a.startMs - b.startMs)
}
