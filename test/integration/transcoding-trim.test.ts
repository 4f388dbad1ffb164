import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import sharp from 'sharp'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Cut, Plan } from '../../src/infra/transcoding/model.ts'
import { countedFrames, countedInput, readNumbers } from '../support/transcoding/counted-frames.ts'
import { openWorkshop, playOut, type Workshop } from '../support/transcoding/workshop.ts'

/** A part of a file: its first and its last frame are those that were asked for, wherever keyframes are, and its sound too. */

let workshop: Workshop
beforeAll(async () => {
  workshop = await openWorkshop()
  await workshop.write('frames.gray', countedFrames(420))
})
afterAll(() => workshop[Symbol.asyncDispose]())

const X264 = ['-c:v', 'libx264', '-preset', 'ultrafast', '-bf', '3', '-pix_fmt', 'yuv420p']
const count = (frames: number) => ['-frames:v', String(frames)]
/** A chunk a segment, so that short parts have joins. */
const inPieces = (plan: Plan): Plan => ({ ...plan, segmentsPerChunk: 1, chunks: plan.segments })
const numbers = (first: number, behind: number) => Array.from({ length: behind - first }, (_, i) => first + i)

describe('a part of a file has the frames that were asked for, and no other', () => {
  it.each([
    {
      name: 'an MP4 with B-frames and far keyframes',
      rate: '30',
      args: [...X264, '-g', '250'],
      file: 'b.mp4',
    },
    { name: 'a rate of 24000/1001', rate: '24000/1001', args: [...X264, '-g', '48'], file: 'ntsc.mp4' },
    { name: 'MPEG-TS, which has no index', rate: '25', args: [...X264, '-g', '60'], file: 'a.ts' },
    {
      name: 'Matroska, whose times are rounded',
      rate: '30000/1001',
      args: [...X264, '-g', '90'],
      file: 'a.mkv',
    },
    {
      name: 'times that begin late',
      rate: '30',
      args: [...X264, '-output_ts_offset', '7.3'],
      file: 'late.mkv',
    },
  ])('$name', async ({ rate, args, file }) => {
    const source = await workshop.make(...countedInput('frames.gray', rate), ...count(330), ...args, file)
    const [num = 0, den = 1] = rate.split('/').map(Number)
    const msOf = (frame: number) => Math.round((frame * 1000 * den) / num)
    for (const [first, behind] of [
      [7, 301],
      [0, 40],
      [251, 330],
      [100, 133],
    ] as const) {
      const { dir, plan } = await workshop.transcode(source, inPieces, {
        startMs: msOf(first),
        endMs: msOf(behind),
      })
      expect(plan.frames).toBe(behind - first)
      expect(await readNumbers(join(dir, 'master.m3u8')), `${first} to ${behind}`).toEqual(
        numbers(first, behind),
      )
    }
  })

  it('with every second of them in small renditions of 60 frames a second', async () => {
    const source = await workshop.make(
      ...countedInput('frames.gray', '60'),
      ...count(420),
      ...X264,
      'fast.mp4',
    )
    const { dir } = await workshop.transcode(source, inPieces, { startMs: 1550, endMs: 3550 })
    expect(await readNumbers(join(dir, '240p/index.m3u8'))).toEqual(
      numbers(0, 60).map((frame) => 93 + 2 * frame),
    )
  })

  it.each([
    { name: 'with frames that nobody is to see before', from: '3', behind: 240 },
    { name: 'behind its last keyframe', from: '9', behind: 330 },
  ])('that telephones cut without encoding it anew, $name', async ({ from, behind }) => {
    const far = [...X264, '-g', '250']
    const whole = await workshop.make(
      ...countedInput('frames.gray', '30'),
      ...count(330),
      ...far,
      'whole.mp4',
    )
    const part = await workshop.make('-ss', from, '-i', whole, '-t', '5', '-c', 'copy', `from-${from}.mp4`)
    const first = 30 * Number(from)
    const { dir } = await workshop.transcode(part, inPieces)
    // A copy ends by the order of decoding: behind its time are frames that others refer to.
    const shown = await readNumbers(join(dir, 'master.m3u8'))
    expect(shown.slice(0, behind - first)).toEqual(numbers(first, behind))
    const cut = { startMs: 500, endMs: 1500 }
    const trimmed = await workshop.transcode(part, inPieces, cut)
    expect(await readNumbers(join(trimmed.dir, 'master.m3u8'))).toEqual(numbers(first + 15, first + 45))
  })
})

const SAMPLES_PER_S = 48_000
const LOUD = 3000

/** From where to where there is sound, in seconds, and how long all of it is. */
async function soundIn(url: string) {
  const args = ['-i', url, '-map', '0:a:0', '-ac', '1', '-ar', String(SAMPLES_PER_S), '-f', 's16le', '-']
  const bytes = await playOut(args)
  const loud: number[] = []
  for (let i = 0; i < bytes.length / 2; i++) if (Math.abs(bytes.readInt16LE(i * 2)) > LOUD) loud.push(i)
  const [first = -1, last = -1] = [loud[0], loud.at(-1)]
  return {
    fromS: first / SAMPLES_PER_S,
    toS: last / SAMPLES_PER_S,
    lengthS: bytes.length / 2 / SAMPLES_PER_S,
  }
}

describe('the sound of a part', () => {
  const tone = 'aevalsrc=if(between(t\\,5\\,5.5)\\,sin(2000*PI*t)\\,0):s=44100:d=11'
  const input = [...countedInput('frames.gray', '30'), '-f', 'lavfi', '-i', tone, ...count(330)]
  let source: string
  beforeAll(async () => {
    source = await workshop.make(...input, ...X264, '-g', '250', '-c:a', 'aac', 'av.mp4')
  })

  it.each<{ cut: Cut; fromS: number; toS: number }>([
    { cut: { startMs: 3700, endMs: 8200 }, fromS: 1.3, toS: 1.8 },
    { cut: { startMs: 0, endMs: 6000 }, fromS: 5, toS: 5.5 },
    { cut: { startMs: 5200, endMs: 11_000 }, fromS: 0, toS: 0.3 },
    { cut: { startMs: 4000, endMs: 5300 }, fromS: 1, toS: 1.3 },
  ])('is where its picture is: $cut.startMs to $cut.endMs', async ({ cut, fromS, toS }) => {
    const { dir, plan } = await workshop.transcode(source, inPieces, cut)
    expect(plan.durationMs).toBe(cut.endMs - cut.startMs)
    for (const manifest of ['master.m3u8', 'manifest.mpd']) {
      const sound = await soundIn(join(dir, manifest))
      // A frame of AAC has 21 ms, and rings a little.
      expect(Math.abs(sound.fromS - fromS)).toBeLessThan(0.03)
      expect(Math.abs(sound.toS - toS)).toBeLessThan(0.03)
      expect(Math.abs(sound.lengthS - plan.durationMs / 1000)).toBeLessThan(0.03)
    }
  })

  it('is as loud as only that part asks for', async () => {
    const loudness = async (cut?: Cut) =>
      (await workshop.transcode(source, inPieces, cut)).audio[0]?.sourceLufs
    expect(await loudness({ startMs: 4000, endMs: 6000 })).toBeGreaterThan(-20)
    expect(await loudness({ startMs: 6000, endMs: 9000 })).toBeUndefined()
  })
})

it('a picture that begins late stands from the beginning of a part that begins before it', async () => {
  const sound = ['-f', 'lavfi', '-i', 'sine=f=300:d=9']
  const late = ['-vf', 'trim=end_frame=180,setpts=PTS+3/TB', '-fps_mode', 'passthrough']
  const input = [...countedInput('frames.gray', '30'), ...sound]
  const source = await workshop.make(...input, ...late, ...X264, '-c:a', 'pcm_s16le', 'gap.mkv')
  const { dir } = await workshop.transcode(source, inPieces, { startMs: 2000, endMs: 5000 })
  const found = await readNumbers(join(dir, 'master.m3u8'))
  expect(found).toEqual([...Array.from({ length: 30 }, () => 0), ...numbers(0, 60)])
})

it('pictures are taken from the part alone', async () => {
  // Black, then white from the fourth second to the seventh, then black.
  const white = "color=white:s=320x180:r=30:d=10,drawbox=color=black:t=fill:enable='lt(t,4)+gte(t,7)'"
  const source = await workshop.make('-f', 'lavfi', '-i', white, ...X264, '-g', '300', 'flash.mp4')
  const facts = await workshop.facts(source)
  const work = { source, facts, cut: { startMs: 4000, endMs: 7000 } }
  const { transcoder } = workshop
  const dir = await workshop.scratch()
  const brightness = async (file: string | Buffer) => (await sharp(file).greyscale().stats()).channels[0]?.min
  const { choices } = await transcoder.posters(work, { dir })
  for (const { atMs, files } of choices) {
    expect(atMs).toBeGreaterThanOrEqual(4000)
    expect(atMs).toBeLessThan(7000)
    expect(await brightness(files.find(({ key }) => key.endsWith('240.jpg'))?.path ?? '')).toBeGreaterThan(
      240,
    )
  }
  const storyboard = await transcoder.storyboard(work, { dir: await workshop.scratch() })
  const index = storyboard.files.find(({ key }) => key.endsWith('.vtt'))?.path ?? ''
  const sheet = sharp(storyboard.files.find(({ key }) => key.endsWith('0.jpg'))?.path)
  const tiles = await sheet.extract({ left: 0, top: 0, width: 3 * 160, height: 90 }).toBuffer()
  expect(await brightness(tiles)).toBeGreaterThan(235)
  expect((await readFile(index, 'utf8')).match(/-->/g)).toHaveLength(3)
  const preview = await transcoder.preview(work, { dir: await workshop.scratch() })
  for (let page = 0; page < 5; page++)
    expect(await brightness(await sharp(preview.path, { page }).toBuffer())).toBeGreaterThan(235)
})
