import { fpsOf } from '../ladder/rates.ts'
import type { Call, EncodedChunk, Plan, Rung } from '../model.ts'
import { inputOf } from '../probe/input.ts'
import { type Sandbox, TranscodeError } from '../sandbox/sandbox.ts'
import { codedFile, timescaleOf } from './coded.ts'
import { encoderOptions, THREADS } from './encoder.ts'
import { chunkGraph, sourceFramesOf } from './graph.ts'
import { segmentPicture } from './segments.ts'

/**
 * How long before a chunk decoding begins. Formats with an index find the keyframe before any moment; those without
 * one guess, and where they guess too late, the next is tried, at last the whole file.
 */
const LEAD_S = [0.5, 12, 60, Number.POSITIVE_INFINITY]
/** Per million pixels decoded, and as many encoded: ten times what the slowest formats take here. */
const CPU_SECONDS_PER_MEGAPIXEL = 0.1
const CPU_SECONDS_MIN = 120

type Work = { source: string; plan: Plan; rungs: readonly string[]; chunk: number }

/** One decoding of a chunk into all asked rungs. Throws `TranscodeError`. */
export async function encodeChunk(
  { sandbox, hasToneMapping }: { sandbox: Sandbox; hasToneMapping: boolean },
  work: Work,
  call: Call,
): Promise<EncodedChunk[]> {
  const { plan, chunk } = work
  const rungs = plan.rungs.filter(({ name }) => work.rungs.includes(name))
  if (rungs.length !== work.rungs.length || !(chunk >= 0 && chunk < plan.chunks))
    throw new RangeError('The plan has no such rung or chunk.')
  for (const leadS of LEAD_S) {
    try {
      await encodeFrom({ sandbox, hasToneMapping, rungs, leadS }, work, call)
      break
    } catch (error) {
      if (!(error instanceof BegunTooLate) || leadS === LEAD_S.at(-1)) throw error
    }
  }
  const encoded: EncodedChunk[] = []
  for (const rung of rungs) encoded.push(await segmentPicture(plan, rung, chunk, call.dir))
  call.onProgress?.(1)
  return encoded
}

class BegunTooLate extends TranscodeError {}

type Attempt = { sandbox: Sandbox; hasToneMapping: boolean; rungs: readonly Rung[]; leadS: number }

async function encodeFrom(
  { sandbox, hasToneMapping, rungs, leadS }: Attempt,
  work: Work,
  call: Call,
): Promise<void> {
  const { plan, source, chunk } = work
  const { container, picture } = plan.source
  const { start, end } = sourceFramesOf(plan, chunk)
  const startS = start / fpsOf(plan.rate)
  const seekS = Math.max(startS - leadS, 0)
  const graph = chunkGraph(plan, rungs, chunk, { hasToneMapping, isFromStart: seekS === 0 })
  const megapixels =
    rungs.reduce((sum, { width, height }) => sum + width * height, picture.width * picture.height) / 1e6
  let firstAtS: number | undefined
  const said = await sandbox.run(
    'ffmpeg',
    {
      source,
      cpuSeconds: CPU_SECONDS_MIN + megapixels * (end - start) * CPU_SECONDS_PER_MEGAPIXEL,
      args: [
        ...['-hide_banner', '-nostdin', '-y', '-progress', 'pipe:1', '-nostats'],
        ...['-copyts', '-start_at_zero', '-noaccurate_seek', '-threads', String(THREADS)],
        ...(seekS > 0 ? ['-ss', seekS.toFixed(3)] : []),
        ...[...inputOf(container, source), '-filter_complex', graph],
        ...rungs.flatMap((rung) => outputOf(plan, rung, end - start)),
      ],
      onErrorLine(line) {
        if (firstAtS !== undefined) return
        const at = /^\[Parsed_showinfo.* pts_time:(-?[\d.]+)/.exec(line)?.[1]
        if (at === undefined) return
        firstAtS = Number(at)
        // Half a frame rounds to the same place on the grid.
        if (seekS > 0 && firstAtS > startS + 0.5 / fpsOf(plan.rate)) throw tooLate()
      },
      onLine(line) {
        const frame = /^frame=\s*(\d+)/.exec(line)?.[1]
        if (frame) call.onProgress?.(Math.min((Number(frame) * (rungs[0]?.step ?? 1)) / (end - start), 1))
      },
    },
    call,
  )
  if (firstAtS === undefined)
    throw seekS > 0 ? tooLate() : new TranscodeError('failed', `No frame was decoded: ${said}`)
}

const tooLate = () => new BegunTooLate('failed', 'Decoding began behind the chunk.')

function outputOf(plan: Plan, rung: Rung, frames: number): string[] {
  const { name, width, height, step } = rung
  return [
    ...['-map', `[${name}]`, '-frames:v', String(Math.ceil(frames / step)), '-s', `${width}x${height}`],
    ...[...encoderOptions(plan, rung), '-fps_mode', 'passthrough', '-map_metadata', '-1'],
    ...['-video_track_timescale', String(timescaleOf(rung)), '-f', 'mp4'],
    ...['-movflags', '+empty_moov+default_base_moof+frag_keyframe', `file:${codedFile(rung)}`],
  ]
}
