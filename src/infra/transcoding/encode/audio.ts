import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { soundInit } from '../cmaf/init.ts'
import { mediaSegment } from '../cmaf/segment.ts'
import type { AudioRecord, Call, EncodedAudio, OutputFile, Plan } from '../model.ts'
import { inputOf } from '../probe/input.ts'
import type { Sandbox } from '../sandbox/sandbox.ts'
import { readAdts } from './adts.ts'
import { measureLoudness, reportTime } from './loudness.ts'
import { segmentName, writeOutput } from './segments.ts'

const SAMPLE_RATE = 48_000
/** Transparent for most people with AAC-LC in stereo. */
const BITRATE_BPS = 128_000
/** Samples in a frame of AAC-LC. */
const FRAME_SAMPLES = 1024
/** AudioSpecificConfig (ISO/IEC 14496-3): AAC-LC, 48 kHz, two channels. */
const DECODER_CONFIG = Buffer.from([0x11, 0x90])
const CODEC = 'mp4a.40.2'
/** −1.5 dBFS: what a limiter that looks at samples leaves between them stays below full scale. */
const CEILING = '0.84'
/** Per hour of sound, both passes; twenty times what they take. */
const CPU_SECONDS_PER_HOUR = 2000
const CPU_SECONDS_MIN = 120
/** Share of the work that listening is. */
const LISTENING_SHARE = 0.4

/** One track in one piece: frames of AAC overlap, so that pieces would be heard. Throws `TranscodeError`. */
export async function encodeAudio(
  sandbox: Sandbox,
  { source, plan, track }: { source: string; plan: Plan; track: number },
  call: Call,
): Promise<EncodedAudio> {
  const facts = plan.source.audio[track]
  if (!facts) throw new RangeError('The source has no such track.')
  const { stream, language, title, isDefault } = facts
  const cpuSeconds = CPU_SECONDS_MIN + (plan.durationMs / 3_600_000) * CPU_SECONDS_PER_HOUR
  const onListening = (share: number) => call.onProgress?.(share * LISTENING_SHARE)
  const loudness = await measureLoudness(
    sandbox,
    { source, plan, stream, cpuSeconds },
    { ...call, onProgress: onListening },
  )
  const samplesOf = (frames: number) => Math.round((frames * plan.rate.den * SAMPLE_RATE) / plan.rate.num)
  const first = samplesOf(plan.cut?.firstFrame ?? 0)
  const samples = { first, behind: first + samplesOf(plan.frames) }
  await sandbox.run(
    'ffmpeg',
    {
      ...{ source, cpuSeconds },
      args: [
        ...['-v', 'error', '-nostdin', '-y', '-progress', 'pipe:1'],
        ...[...inputOf(plan.source.container, source), '-map', `0:${stream}`, '-vn', '-sn', '-dn'],
        ...['-af', filters(loudness.gainDb, samples), '-map_metadata', '-1'],
        ...['-c:a', 'aac', '-b:a', String(BITRATE_BPS), '-f', 'adts', 'file:sound.aac'],
      ],
      onLine: reportTime(plan, (share) => call.onProgress?.(LISTENING_SHARE + share * (1 - LISTENING_SHARE))),
    },
    call,
  )
  const name = `audio-${track}`
  const { segments, files } = await segmentSound(plan, name, call.dir)
  const labels = { name, track, codec: CODEC, language, title, isDefault }
  return { record: { ...labels, timescale: SAMPLE_RATE, segments, ...loudness }, files }
}

/** Gaps and a late beginning are filled, so that sound and picture stay together; and both begin and end together. */
const filters = (gainDb: number, { first, behind }: { first: number; behind: number }) =>
  [
    `aresample=${SAMPLE_RATE}:async=1:first_pts=0`,
    'aformat=sample_fmts=fltp:channel_layouts=stereo',
    ...(gainDb === 0 ? [] : [`volume=${gainDb}dB`, `alimiter=limit=${CEILING}:level=disabled`]),
    'apad',
    `atrim=start_sample=${first}:end_sample=${behind}`,
    'asetpts=PTS-STARTPTS',
  ].join(',')

/**
 * Segments that end with the frame of sound nearest to where those of the picture do. The first frame that the encoder
 * writes is only what it needs to begin with, and left out: so the sound is where it belongs without an edit list,
 * which not every player reads, at the price of a first fiftieth of a second that is not whole.
 */
async function segmentSound(
  plan: Plan,
  name: string,
  dir: string,
): Promise<{ segments: AudioRecord['segments']; files: OutputFile[] }> {
  await mkdir(join(dir, name), { recursive: true })
  const files = [await writeOutput(dir, `${name}/init.mp4`, soundInit(SAMPLE_RATE, DECODER_CONFIG))]
  const segments: AudioRecord['segments'] = []
  const perSegment = (plan.segmentFrames * plan.rate.den * SAMPLE_RATE) / plan.rate.num / FRAME_SAMPLES
  let waiting: Buffer[] = []
  let first = 0

  const put = async () => {
    const number = segments.length
    const samples = waiting.map((bytes) => ({
      ...{ bytes: Buffer.from(bytes), duration: FRAME_SAMPLES, compositionOffset: 0, isKey: true },
    }))
    const bytes = mediaSegment(number + 1, first * FRAME_SAMPLES, samples)
    files.push(await writeOutput(dir, `${name}/${segmentName(number)}`, bytes))
    segments.push({ duration: waiting.length * FRAME_SAMPLES, sizeBytes: bytes.length })
    first += waiting.length
    waiting = []
  }
  let isFirst = true
  for await (const frame of readAdts(join(dir, 'sound.aac'))) {
    if (isFirst) {
      isFirst = false
      continue
    }
    waiting.push(frame)
    if (first + waiting.length >= Math.round((segments.length + 1) * perSegment)) await put()
  }
  if (waiting.length > 0) await put()
  await rm(join(dir, 'sound.aac'))
  return { segments, files }
}
