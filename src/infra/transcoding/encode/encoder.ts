import { availableParallelism } from 'node:os'
import type { Plan, Rung } from '../model.ts'

/** x264 gains little from more, and each has stacks and buffers of its own. */
export const THREADS = Math.min(availableParallelism(), 8)
/** Constant quality that people rarely tell from the source at these sizes; x264's own default. */
const CRF = 23
/** Twice as fast as the default for some 10 % more bytes. */
const PRESET = 'veryfast'
/** In seconds of the highest rate: bursts that players' buffers of several segments take. */
const BUFFER_S = 2
/** What x264 is told for a rung: keyframes at the same moments in all of them, and the same parameters in every chunk. */
export function encoderOptions(plan: Plan, { level, maxrateBps, step }: Rung): string[] {
  const gop = String(plan.segmentFrames / step / 2)
  return [
    ...['-c:v', 'libx264', '-preset', PRESET, '-profile:v', 'high', '-level:v', (level / 10).toFixed(1)],
    ...['-crf', String(CRF), '-maxrate', String(maxrateBps), '-bufsize', String(maxrateBps * BUFFER_S)],
    ...['-threads', String(THREADS), '-g', gop, '-keyint_min', gop, '-sc_threshold', '0'],
    ...['-colorspace', 'bt709', '-color_primaries', 'bt709', '-color_trc', 'bt709', '-color_range', 'tv'],
  ]
}
