import type { Call, Container } from '../model.ts'
import type { Sandbox } from '../sandbox/sandbox.ts'
import { inputOf } from './input.ts'

/** What all packets of a picture say together. Times are seconds as the file has them. */
export type Scan = {
  frames: number
  keyframes: number
  firstS: number
  /** When the last picture ends. */
  endS: number
  /** Distance from one picture to the next: of the middle one, and the mean. */
  medianS: number
  meanS: number
  isVariable: boolean
}

export class TooManyFrames extends Error {}

/** Some formats round times to milliseconds, so that even frames seem to differ by one. */
const ROUNDING_S = 0.0011
/** Of a frame: beyond the rounding, a frame at an even rate comes when it should. */
const UNEVEN_SHARE = 0.1
/** Cameras drop a frame now and then, which leaves a rate what it is. */
const UNEVEN_FRAMES_SHARE = 0.02
/** Reading and demuxing takes some 10 s per GB; a disk may be slow, which takes no CPU. */
const CPU_SECONDS = 120
const CPU_SECONDS_PER_GB = 30
const BYTES_PER_GB = 2 ** 30

/** Reads all packets of one stream. Throws `TooManyFrames` beyond `maxFrames`, and what the sandbox throws. */
export async function scanPackets(
  sandbox: Sandbox,
  of: { source: string; container: Container; stream: number; sizeBytes: number; maxFrames: number },
  call: Call,
): Promise<Scan | undefined> {
  const times: number[] = []
  let keyframes = 0
  let lastDurationS = 0
  await sandbox.run(
    'ffprobe',
    {
      source: of.source,
      cpuSeconds: CPU_SECONDS + (CPU_SECONDS_PER_GB * of.sizeBytes) / BYTES_PER_GB,
      args: [
        ...['-v', 'error', '-select_streams', String(of.stream), '-print_format', 'csv=p=0'],
        ...['-show_entries', 'packet=pts_time,dts_time,duration_time,flags'],
        ...inputOf(of.container, of.source),
      ],
      onLine(line) {
        const [pts, dts, duration, flags] = line.split(',')
        // Old formats have no presentation times; what decoders give out comes in the same distances.
        const time = Number(pts === 'N/A' ? dts : pts)
        if (!Number.isFinite(time) || flags?.includes('D')) return
        times.push(time)
        if (flags?.startsWith('K')) keyframes++
        lastDurationS = Number(duration) || lastDurationS
        if (times.length > of.maxFrames) throw new TooManyFrames()
      },
    },
    call,
  )
  return summarise(times, keyframes, lastDurationS)
}

/** Undefined where there is no frame. */
export function summarise(
  times: readonly number[],
  keyframes: number,
  lastDurationS: number,
): Scan | undefined {
  const sorted = Float64Array.from(times).sort()
  const firstS = sorted[0]
  const lastS = sorted.at(-1)
  if (firstS === undefined || lastS === undefined) return undefined
  const gaps = sorted.slice(1).map((time, i) => time - (sorted[i] ?? 0))
  const ordered = Float64Array.from(gaps).sort()
  const medianS = ordered[Math.floor(ordered.length / 2)] || lastDurationS
  const tolerance = Math.max(ROUNDING_S, medianS * UNEVEN_SHARE)
  const uneven = gaps.filter((gap) => Math.abs(gap - medianS) > tolerance).length
  return {
    frames: sorted.length,
    keyframes,
    firstS,
    endS: lastS + (lastDurationS || medianS),
    medianS,
    meanS: gaps.length > 0 ? (lastS - firstS) / gaps.length : lastDurationS,
    isVariable: uneven > gaps.length * UNEVEN_FRAMES_SHARE,
  }
}
