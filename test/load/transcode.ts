import { execFile } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { mkdir, readdir, readFile, rm, stat } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { steadyMs } from '../../src/core/time.ts'
import { encoderOptions } from '../../src/infra/transcoding/encode/encoder.ts'
import type { AudioRecord, ChunkRecord, Plan } from '../../src/infra/transcoding/model.ts'
import { createTranscoder, type Transcoder } from '../../src/infra/transcoding/transcoder.ts'
import { numberOption } from './clients/crowd.ts'
import { BENCH_DIR } from './measure/program.ts'

/**
 * A 1080p video to its whole ladder, as the jobs do it on one machine (the first rung of all chunks, the sound, then the
 * other rungs of each chunk together), against one ffmpeg per rendition with the same options of the encoder.
 * Options: --seconds=N (16) of video, --rounds=N (1).
 */

const execute = promisify(execFile)
const silent = () => undefined
const log = { debug: silent, info: silent, warn: silent, error: silent, child: () => log }
/** Of 8 seconds, so that a short video has several; the 32 of the product have fewer seams. */
const SEGMENTS_PER_CHUNK = 2
const DIR = resolve(BENCH_DIR, 'transcode')

type Round = {
  cpuRatio: number
  firstPlayable: number
  bytesRatio: number
  ourCpuS: number
  peerCpuS: number
}

export async function run(options: readonly string[]) {
  const seconds = numberOption(options, 'seconds', 16)
  await mkdir(DIR, { recursive: true })
  const source = await makeSource(seconds)
  const made = await createTranscoder({
    ...{ ffmpegPath: undefined, ffprobePath: undefined, memoryMb: 6144, maxHours: 1, log },
  })
  if ('problem' in made) throw new Error(made.problem)
  const rounds: Round[] = []
  for (let i = 0; i < numberOption(options, 'rounds', 1); i++) rounds.push(await measure(made, source))
  await rm(DIR, { recursive: true })
  const median = (key: keyof Round) => {
    const sorted = rounds.map((round) => round[key]).sort((a, b) => a - b)
    return sorted[Math.floor(sorted.length / 2)] ?? 0
  }
  const figures = {
    ...{
      cpuRatio: median('cpuRatio'),
      firstPlayable: median('firstPlayable'),
      bytesRatio: median('bytesRatio'),
    },
    ...{ ourCpuS: median('ourCpuS'), peerCpuS: median('peerCpuS'), seconds, rounds: rounds.length },
  }
  return {
    ok: figures.cpuRatio <= 0.75 && figures.firstPlayable <= 0.35,
    figures,
    goals: { cpuRatio: '≤ 0.75', firstPlayable: '≤ 0.35' },
    notes: [
      'cpuRatio counts the picture alone: sound is made once in both. Chunks have 8 seconds here, not 32, so there is more seeking.',
      `Sandbox: ${made.sandbox}. How much a killed worker repeats is not measured here.`,
    ],
  }
}

/** Moving edges, colours and some grain, as cameras have it. */
async function makeSource(seconds: number): Promise<string> {
  const source = join(DIR, 'source.mp4')
  const picture = `testsrc2=s=1920x1080:r=30:d=${seconds},noise=alls=6:allf=t`
  const sound = `sine=f=300:d=${seconds}`
  const codecs = [
    '-c:v',
    'libx264',
    '-preset',
    'veryfast',
    '-b:v',
    '10M',
    '-pix_fmt',
    'yuv420p',
    '-c:a',
    'aac',
  ]
  await execute('ffmpeg', [
    '-v',
    'error',
    '-y',
    '-f',
    'lavfi',
    '-i',
    picture,
    '-f',
    'lavfi',
    '-i',
    sound,
    ...codecs,
    source,
  ])
  return source
}

async function measure(transcoder: Transcoder, source: string): Promise<Round> {
  const probed = await transcoder.probe(source, { dir: DIR })
  if (!probed.ok) throw new Error(probed.refusal.message)
  const planned = transcoder.plan(probed.facts)
  const chunks = Math.ceil(planned.segments / SEGMENTS_PER_CHUNK)
  const plan: Plan = { ...planned, segmentsPerChunk: SEGMENTS_PER_CHUNK, chunks }
  const ours = await withTheProduct(transcoder, source, plan)
  const peer = await withOneEach(source, plan)
  return {
    cpuRatio: ours.pictureCpuS / peer.cpuS,
    firstPlayable: ours.playableMs / ours.wholeMs,
    bytesRatio: ours.sizeBytes / peer.sizeBytes,
    ourCpuS: ours.pictureCpuS,
    peerCpuS: peer.cpuS,
  }
}

async function withTheProduct(transcoder: Transcoder, source: string, plan: Plan) {
  const startedAtMs = steadyMs()
  const startCpuS = await cpuSeconds()
  const records: ChunkRecord[] = []
  const encode = async (rungs: readonly string[]) => {
    for (let chunk = 0; chunk < plan.chunks; chunk++) {
      const made = await inScratch((dir) => transcoder.encodeChunk({ source, plan, rungs, chunk }, { dir }))
      records.push(...made.map(({ record }) => record))
    }
  }
  await encode([plan.firstRung])
  const beforeSoundS = await cpuSeconds()
  const { record } = await inScratch((dir) => transcoder.encodeAudio({ source, plan, track: 0 }, { dir }))
  const afterSoundS = await cpuSeconds()
  const publish = (audio: AudioRecord[]) =>
    transcoder.manifests({ plan, chunks: records, audio, captions: [] })
  publish([record])
  const playableMs = steadyMs() - startedAtMs
  await encode(plan.rungs.map(({ name }) => name).filter((name) => name !== plan.firstRung))
  publish([record])
  return {
    playableMs,
    wholeMs: steadyMs() - startedAtMs,
    pictureCpuS: (await cpuSeconds()) - startCpuS - (afterSoundS - beforeSoundS),
    sizeBytes: records.flatMap(({ segmentBytes }) => segmentBytes).reduce((sum, size) => sum + size, 0),
  }
}

/** One ffmpeg after the other, each from the source to the segments of one rendition. */
async function withOneEach(source: string, plan: Plan) {
  const startCpuS = await cpuSeconds()
  let sizeBytes = 0
  for (const rung of plan.rungs) {
    await inScratch(async (dir) => {
      const filters = `scale=${rung.width}:${rung.height}:flags=bicubic,format=yuv420p`
      const hls = ['-f', 'hls', '-hls_segment_type', 'fmp4', '-hls_time', '4', '-hls_list_size', '0']
      const args = ['-v', 'error', '-nostdin', '-i', source, '-map', '0:v', '-vf', filters]
      await execute('ffmpeg', [...args, ...encoderOptions(plan, rung), ...hls, join(dir, 'index.m3u8')])
      for (const name of await readdir(dir))
        if (name.endsWith('.m4s')) sizeBytes += (await stat(join(dir, name))).size
    })
  }
  return { cpuS: (await cpuSeconds()) - startCpuS, sizeBytes }
}

async function inScratch<T>(work: (dir: string) => Promise<T>): Promise<T> {
  const dir = join(DIR, `scratch-${randomUUID()}`)
  await mkdir(dir)
  try {
    return await work(dir)
  } finally {
    await rm(dir, { recursive: true })
  }
}

/** USER_HZ of Linux. */
const TICKS_PER_S = 100

/** This process and all of its children that have ended, user and system: fields 14 to 17 of /proc/PID/stat. */
async function cpuSeconds(): Promise<number> {
  const text = await readFile('/proc/self/stat', 'utf8')
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ')
  return fields.slice(11, 15).reduce((sum, ticks) => sum + Number(ticks), 0) / TICKS_PER_S
}
