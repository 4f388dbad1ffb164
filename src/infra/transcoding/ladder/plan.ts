import type { Cut, Plan, Rung, SourceFacts } from '../model.ts'
import { levelOf } from './levels.ts'
import { chooseRate, fpsOf, msOfFrames, PLAIN_FPS_MAX } from './rates.ts'

/**
 * Short sides and the highest rate of each in bits per second at up to 30 frames a second. They are ceilings for busy
 * pictures (constant quality stays below for most), near those that Apple's HLS authoring specification (2024, table of
 * H.264) and YouTube's ladder come to.
 */
const HEIGHTS: readonly [height: number, maxrateBps: number][] = [
  [240, 400_000],
  [360, 900_000],
  [480, 1_600_000],
  [720, 3_200_000],
  [1080, 6_000_000],
  [1440, 11_000_000],
  [2160, 20_000_000],
]
/** Frames of 60 a second resemble each other more. */
const FAST_BITRATE_FACTOR = 1.5
/** Small pictures of a fast video take every second frame: they are for bad connections and small screens. */
const FAST_MIN_HEIGHT = 720
/** A source that misses a size by less (1920 × 1038 films, 1072 of cameras) still has that rung, at its own size. */
const NEARLY_SHARE = 0.94
/** Longer pictures than cinema's are bounded by their long side, so that a banner does not become 20 000 pixels wide. */
const ASPECT_MAX = 2.4
/** Useful on a telephone, and cheap to make: the rung that makes a video playable. */
const FIRST_HEIGHT = 360
/**
 * Segments of four seconds: what Apple's players fetch ahead stays small, and the overhead of requests too. With a keyframe
 * in their middle, a switch or a seek waits for two at most.
 */
const SEGMENT_S = 4
/** 32 seconds: a killed worker loses no more, and the two seconds of seeking and decoding before it do not count. */
const SEGMENTS_PER_CHUNK = 8

/** Pure: the same facts and the same cut give the same plan. No rung is larger than the source. */
export function planLadder(source: SourceFacts, cut?: Cut): Plan {
  const rate = chooseRate(source.picture.fps)
  const fps = fpsOf(rate)
  const allFrames = Math.max(Math.round((source.durationMs / 1000) * fps), 1)
  const { first: firstFrame, behind } = framesWithin(cut, fps, allFrames)
  const frames = behind - firstFrame
  // Divisible by four: two keyframes in a segment, also where every second frame is taken.
  const segmentFrames = Math.round((SEGMENT_S * fps) / 4) * 4
  const segments = Math.ceil(frames / segmentFrames)
  const rungs = planRungs(source, fps).map((rung) => ({
    ...rung,
    rate: { ...rate, den: rate.den * rung.step },
  }))
  const first = rungs.findLast(({ width, height }) => Math.min(width, height) <= FIRST_HEIGHT) ?? rungs[0]
  return {
    ...{ source, rate, frames, segmentFrames, segments, rungs },
    segmentsPerChunk: SEGMENTS_PER_CHUNK,
    chunks: Math.ceil(segments / SEGMENTS_PER_CHUNK),
    firstRung: first?.name ?? '',
    durationMs: msOfFrames(frames, rate),
    ...(cut && { cut: { firstFrame, wholeMs: msOfFrames(allFrames, rate) } }),
  }
}

/** The frames of a cut: those nearest to its moments, one at least, and none that the source does not have. */
function framesWithin(
  cut: Cut | undefined,
  fps: number,
  allFrames: number,
): { first: number; behind: number } {
  if (!cut) return { first: 0, behind: allFrames }
  const first = Math.min(Math.round((cut.startMs / 1000) * fps), allFrames - 1)
  const behind = Math.min(Math.round((cut.endMs / 1000) * fps), allFrames)
  return { first, behind: Math.max(behind, first + 1) }
}

type Sized = Omit<Rung, 'rate'>

function planRungs({ picture }: SourceFacts, fps: number): Sized[] {
  const { width, height } = picture
  const short = Math.max(Math.min(width, height), Math.max(width, height) / ASPECT_MAX)
  const fitting = HEIGHTS.filter(([side]) => side * NEARLY_SHARE <= short)
  const [smallest] = HEIGHTS
  const sides = fitting.length > 0 || !smallest ? fitting : [smallest]
  return sides.map(([side, plainBps]) => {
    const scale = Math.min(1, side / short)
    const isFast = fps > PLAIN_FPS_MAX
    const step = isFast && side < FAST_MIN_HEIGHT ? 2 : 1
    const size = { width: even(width * scale), height: even(height * scale) }
    const maxrateBps = Math.round(plainBps * (isFast && step === 1 ? FAST_BITRATE_FACTOR : 1))
    return {
      name: `${side}p${isFast && step === 1 ? Math.round(fps) : ''}`,
      ...{ ...size, step, maxrateBps },
      level: levelOf({ ...size, fps: fps / step, maxrateBps }),
    }
  })
}

/** 4:2:0 has one colour for two by two pixels. Rounded down, so that nothing becomes larger than it was. */
const even = (pixels: number) => Math.max(Math.floor(Math.round(pixels * 100) / 200) * 2, 2)
