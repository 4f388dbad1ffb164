import { mkdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { toStandardColours } from '../encode/colours.ts'
import { writeOutput } from '../encode/segments.ts'
import type { Call, OutputFile, Storyboard } from '../model.ts'
import { inputOf } from '../probe/input.ts'
import { type Engine, type Source, sizeWithin, wantedOf } from './frames.ts'

/** As wide as they are shown above the bar. */
const SIDE_PX = 160
/** On one sheet; a sheet of 8 × 8 has some 150 KB. */
const COLUMNS = 8
const ROWS = 8
/** A bar of a thousand pixels has no place for more. */
const TILES_MAX = 256
const INTERVAL_MIN_MS = 1000
/** Decoding everything where keyframes are rare, of the largest pictures: per second of video. */
const CPU_SECONDS_PER_S = 2
const CPU_SECONDS_MIN = 120

/** Pictures for scrubbing, and where each is found: WebVTT whose cues name a part of a sheet (Media Fragments, xywh). */
export async function makeStoryboard(
  { sandbox, hasToneMapping }: Engine,
  work: Source,
  call: Call,
): Promise<Storyboard> {
  const { source, facts } = work
  const { picture, container } = facts
  const { startMs, lengthMs: durationMs } = wantedOf(work)
  const intervalMs = Math.max(Math.ceil(durationMs / TILES_MAX / 1000) * 1000, INTERVAL_MIN_MS)
  const tiles = Math.ceil(durationMs / intervalMs)
  const size = sizeWithin(picture, SIDE_PX)
  await mkdir(join(call.dir, 'storyboard'), { recursive: true })
  // Keyframes alone are a fraction of the work, where they come often enough.
  const isKeyframesOnly = picture.keyframeMs <= intervalMs
  const filters = [
    ...(picture.isInterlaced ? ['bwdif=mode=send_frame'] : []),
    `fps=1000/${intervalMs}:start_time=0:eof_action=pass`,
    ...['tpad=stop=-1:stop_mode=clone', `trim=end_frame=${tiles}`],
    ...toStandardColours(picture, size, hasToneMapping),
    ...['setsar=1', `tile=${COLUMNS}x${ROWS}`, 'scale=in_range=tv:out_range=pc', 'format=yuvj420p'],
  ]
  const sheets = Math.ceil(tiles / (COLUMNS * ROWS))
  const args = [
    ...['-v', 'error', '-nostdin', '-y', ...(isKeyframesOnly ? ['-skip_frame', 'nokey'] : [])],
    ...(startMs > 0 ? ['-ss', (startMs / 1000).toFixed(3)] : []),
    ...[...inputOf(container, source), '-map', `0:${picture.stream}`, '-vf', filters.join(',')],
    ...['-frames:v', String(sheets), '-q:v', '5', '-f', 'image2', '-start_number', '0'],
    ...['-c:v', 'mjpeg', 'file:storyboard/%d.jpg'],
  ]
  const cpuSeconds = CPU_SECONDS_MIN + (durationMs / 1000) * CPU_SECONDS_PER_S
  await sandbox.run('ffmpeg', { source, cpuSeconds, args }, call)
  const files: OutputFile[] = []
  for (let sheet = 0; sheet < sheets; sheet++) {
    const key = `storyboard/${sheet}.jpg`
    const path = join(call.dir, key)
    files.push({ key, path, sizeBytes: (await stat(path)).size })
  }
  const index = Buffer.from(storyboardIndex({ durationMs, intervalMs, tiles, ...size }))
  files.push(await writeOutput(call.dir, 'storyboard/index.vtt', index))
  return { intervalMs, files }
}

function storyboardIndex(of: {
  durationMs: number
  intervalMs: number
  tiles: number
  width: number
  height: number
}): string {
  const cues = Array.from({ length: of.tiles }, (_, i) => {
    const place = i % (COLUMNS * ROWS)
    const [x, y] = [(place % COLUMNS) * of.width, Math.floor(place / COLUMNS) * of.height]
    const sheet = Math.floor(i / (COLUMNS * ROWS))
    const [start, end] = [i * of.intervalMs, Math.min((i + 1) * of.intervalMs, of.durationMs)]
    return `${clock(start)} --> ${clock(end)}\n${sheet}.jpg#xywh=${x},${y},${of.width},${of.height}\n`
  })
  return ['WEBVTT\n', ...cues].join('\n')
}

const clock = (ms: number) => new Date(ms).toISOString().slice(11, 23)
