import { stat } from 'node:fs/promises'
import { HOUR_MS } from '../../../core/time.ts'
import type { Call, Container, ProbeResult, SourceFacts } from '../model.ts'
import { type Sandbox, TranscodeError } from '../sandbox/sandbox.ts'
import { factsOf, pickPicture } from './facts.ts'
import { inputOf, PIXELS_MAX } from './input.ts'
import { Refused } from './refusals.ts'
import { Report, type StreamReport } from './report.ts'
import { scanPackets, TooManyFrames } from './scan.ts'
import { sniff } from './sniff.ts'

/** What cameras and editors write has up to a dozen; each costs memory while it is read. */
const STREAMS_MAX = 32
/** A report on 32 streams has some 50 KB. */
const REPORT_MAX_CHARS = 256 * 1024
/** H.264 codes blocks of 16 × 16, and nothing that people film is smaller. */
const SIDE_MIN_PX = 16
/** H.264 level 6.2 ends here, and so do most decoders. */
const SIDE_MAX_PX = 16_384 - 1
/** Beyond 300 frames a second, decoding costs more than any video is worth. */
const FPS_MAX = 300
/** Headers take well under a second; damaged files are searched through. */
const HEADER_CPU_SECONDS = 60
/** Enough frames to see how they are made, few enough for the largest picture. */
const FRAMES_LOOKED_AT = 10

type Look = { sandbox: Sandbox; source: string; container: Container; call: Call }

/** Facts about a file, or why it is not taken. Throws only where the machine failed or the call was aborted. */
export async function probe(
  { sandbox, maxHours }: { sandbox: Sandbox; maxHours: number },
  source: string,
  call: Call,
): Promise<ProbeResult> {
  try {
    return { ok: true, facts: await readFacts({ sandbox, maxHours }, source, call) }
  } catch (error) {
    if (error instanceof Refused) return { ok: false, refusal: error.refusal }
    if (error instanceof TranscodeError) {
      if (error.reason === 'limit') return { ok: false, refusal: new Refused('too_expensive').refusal }
      const code = isUnknownCodec(error.message) ? 'unsupported_codec' : 'damaged'
      return { ok: false, refusal: new Refused(code).refusal }
    }
    throw error
  }
}

async function readFacts(
  { sandbox, maxHours }: { sandbox: Sandbox; maxHours: number },
  source: string,
  call: Call,
): Promise<SourceFacts> {
  const { size: sizeBytes } = await stat(source)
  const container = await sniff(source)
  if (container === 'sound') throw new Refused('no_picture')
  if (!container) throw new Refused('not_a_video')
  const look = { sandbox, source, container, call }
  const report = await readReport(look)
  const picture = checkReport(report)
  call.onProgress?.(0.1)
  const maxFrames = maxHours * 3600 * FPS_MAX
  const scan = await scanPackets(
    sandbox,
    { source, container, stream: picture.index, sizeBytes, maxFrames },
    call,
  ).catch((error) => {
    throw error instanceof TooManyFrames ? new Refused('too_expensive') : error
  })
  if (!scan) throw new Refused('damaged')
  call.onProgress?.(0.8)
  const frames = await decodeFirst(look, picture)
  const hasInterlacedFrames = frames.filter((isInterlaced) => isInterlaced).length > frames.length / 2
  const facts = factsOf({ container, sizeBytes, report, picture, scan, hasInterlacedFrames })
  if (facts.durationMs > maxHours * HOUR_MS) throw new Refused('too_long')
  if (scan.frames > (facts.durationMs / 1000 + 1) * FPS_MAX) throw new Refused('too_expensive')
  return facts
}

async function readReport({ sandbox, source, container, call }: Look): Promise<Report> {
  let text = ''
  const args = ['-v', 'error', '-print_format', 'json', '-show_format', '-show_streams']
  await sandbox.run(
    'ffprobe',
    {
      ...{ source, cpuSeconds: HEADER_CPU_SECONDS, args: [...args, ...inputOf(container, source)] },
      onLine(line) {
        text += `${line}\n`
        if (text.length > REPORT_MAX_CHARS) throw new Refused('too_much_metadata')
      },
    },
    call,
  )
  const parsed = Report.safeParse(JSON.parse(text))
  if (!parsed.success) throw new Refused('damaged')
  return parsed.data
}

/** Refuses what the headers tell already; answers the picture. */
function checkReport({ streams }: Report): StreamReport {
  if (streams.length > STREAMS_MAX) throw new Refused('too_many_streams')
  const isProtected = ({ codec_tag_string: tag }: StreamReport) => /^(?:encv|enca|drmi|drms)$/.test(tag ?? '')
  if (streams.some(isProtected)) throw new Refused('protected')
  const picture = pickPicture(streams)
  if (!picture) throw new Refused(streams.some(isSound) ? 'no_picture' : 'not_a_video')
  const { width = 0, height = 0 } = picture
  if (width * height > PIXELS_MAX || Math.max(width, height) > SIDE_MAX_PX)
    throw new Refused('too_large_picture')
  if (!picture.codec_name) throw new Refused('unsupported_codec')
  if (Math.min(width, height) < 1) throw new Refused('damaged')
  if (Math.min(width, height) < SIDE_MIN_PX) throw new Refused('too_small_picture')
  return picture
}

const isSound = ({ codec_type }: StreamReport) => codec_type === 'audio'

/** Of each of the first frames, whether it is interlaced. Refuses a video of which none can be decoded. */
async function decodeFirst(
  { sandbox, source, container, call }: Look,
  picture: StreamReport,
): Promise<boolean[]> {
  const frames: boolean[] = []
  const args = [
    ...['-v', 'error', '-select_streams', String(picture.index), '-print_format', 'csv=p=0'],
    ...['-read_intervals', `%+#${FRAMES_LOOKED_AT}`, '-show_entries', 'frame=interlaced_frame'],
    // What was cut without being encoded anew begins with frames that nobody is to see: these tell as much.
    ...(container === 'mov' ? ['-ignore_editlist', '1'] : []),
  ]
  const said = await sandbox.run(
    'ffprobe',
    {
      ...{ source, cpuSeconds: HEADER_CPU_SECONDS, args: [...args, ...inputOf(container, source)] },
      onLine(line) {
        // What belongs to a frame beside its own line makes empty ones.
        if (/^[01]/.test(line)) frames.push(line.startsWith('1'))
      },
    },
    call,
  )
  if (frames.length > 0) return frames
  throw new Refused(isUnknownCodec(said) ? 'unsupported_codec' : 'damaged')
}

const isUnknownCodec = (said: string) => /not on whitelist|Decoder not found|unknown codec/i.test(said)
