import type { Plan, Rung } from '../model.ts'
import { toStandardColours } from './colours.ts'

/** Frames of the plan's rate in a chunk: from `start` on, `end` is behind the last one. */
export function framesOf(plan: Plan, chunk: number): { start: number; end: number } {
  const size = plan.segmentFrames * plan.segmentsPerChunk
  return { start: chunk * size, end: Math.min((chunk + 1) * size, plan.frames) }
}

/** Where these frames are in the source. */
export function sourceFramesOf(plan: Plan, chunk: number): { start: number; end: number } {
  const { start, end } = framesOf(plan, chunk)
  const before = plan.cut?.firstFrame ?? 0
  return { start: before + start, end: before + end }
}

/**
 * The filters that make one chunk of all asked rungs from one decoding; each comes out under its name. Frames get their
 * places on the whole video's grid from their own times, so that a chunk has the same ones wherever decoding began;
 * `isFromStart` says that it began with the source.
 */
export function chunkGraph(
  plan: Plan,
  rungs: readonly Rung[],
  chunk: number,
  { hasToneMapping, isFromStart }: { hasToneMapping: boolean; isFromStart: boolean },
): string {
  const { picture } = plan.source
  const { start, end } = sourceFramesOf(plan, chunk)
  const head = [
    // Tells when the first decoded frame is shown.
    'showinfo=checksum=0',
    ...(picture.isInterlaced ? ['bwdif=mode=send_frame'] : []),
    // A picture that begins later than the sound is shown from the beginning.
    `fps=${plan.rate.num}/${plan.rate.den}${isFromStart ? ':start_time=0' : ''}`,
    // And one that ends before it stays.
    'tpad=stop=-1:stop_mode=clone',
    `trim=start_pts=${start}:end_pts=${end}`,
    'setpts=PTS-STARTPTS',
  ]
  const falling = [...rungs].reverse()
  const [largest] = falling
  if (!largest) throw new Error('There is nothing to make.')
  if (largest.step > 1) head.push(`framestep=${largest.step}`)
  head.push(...toStandardColours(picture, largest, hasToneMapping), 'setsar=1', 'format=yuv420p')
  const lines = [`[0:${picture.stream}]${head.join(',')}${forks(falling, 0)}`]
  falling.slice(1).forEach((rung, i) => {
    const thinner = rung.step / (falling[i]?.step ?? 1)
    const filters = [
      ...(thinner > 1 ? [`framestep=${thinner}`] : []),
      // From the next larger one: a quarter of the work of scaling each from the source.
      `scale=${rung.width}:${rung.height}:flags=bicubic`,
    ]
    lines.push(`[to${i + 1}]${filters.join(',')}${forks(falling, i + 1)}`)
  })
  return lines.join(';')
}

/** Where a rung's pictures go: out, and to the next smaller one. */
function forks(falling: readonly Rung[], i: number): string {
  const name = `[${falling[i]?.name}]`
  return i === falling.length - 1 ? name : `,split=2${name}[to${i + 1}]`
}
