import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Plan } from '../../src/infra/transcoding/model.ts'
import { countedFrames, countedInput, readNumbers, upTo } from '../support/transcoding/counted-frames.ts'
import { openWorkshop, playOut, type Workshop } from '../support/transcoding/workshop.ts'

/** Joins must be invisible: every frame of the source is shown once, at its time, whatever the source's format. */

let workshop: Workshop
beforeAll(async () => {
  workshop = await openWorkshop()
  await workshop.write('frames.gray', countedFrames(420))
})
afterAll(() => workshop[Symbol.asyncDispose]())

const X264 = ['-c:v', 'libx264', '-preset', 'ultrafast', '-bf', '3', '-pix_fmt', 'yuv420p']
/** A chunk a segment, so that short files have joins. */
const inPieces = (plan: Plan): Plan => ({ ...plan, segmentsPerChunk: 1, chunks: plan.segments })
const count = (frames: number) => ['-frames:v', String(frames)]

describe('chunks join without a frame missing, twice or out of place', () => {
  it.each([
    {
      name: 'an MP4 with B-frames and far keyframes',
      rate: '30',
      frames: 330,
      args: [...X264, '-g', '250'],
      file: 'b.mp4',
    },
    {
      name: 'a rate of 24000/1001',
      rate: '24000/1001',
      frames: 250,
      args: [...X264, '-g', '48'],
      file: 'ntsc.mp4',
    },
    {
      name: 'open GOPs',
      rate: '25',
      frames: 260,
      args: [...X264, '-x264-params', 'open-gop=1:keyint=40:bframes=3'],
      file: 'open.mp4',
    },
    {
      name: 'MPEG-TS, which has no index and does not begin at zero',
      rate: '25',
      frames: 310,
      args: [...X264, '-g', '60'],
      file: 'a.ts',
    },
    {
      name: 'Matroska, whose times are rounded',
      rate: '30000/1001',
      frames: 300,
      args: [...X264, '-g', '90'],
      file: 'a.mkv',
    },
    {
      name: 'AVI with MPEG-4',
      rate: '25',
      frames: 260,
      args: ['-c:v', 'mpeg4', '-q:v', '2', '-bf', '0', '-g', '100'],
      file: 'a.avi',
    },
    {
      name: 'WebM with VP8',
      rate: '30',
      frames: 250,
      args: ['-c:v', 'libvpx', '-deadline', 'realtime', '-cpu-used', '8', '-b:v', '1M', '-g', '100'],
      file: 'a.webm',
    },
    {
      name: 'a file whose times begin late',
      rate: '30',
      frames: 260,
      args: [...X264, '-output_ts_offset', '7.3'],
      file: 'late.mkv',
    },
  ])('$name', async ({ rate, frames, args, file }) => {
    const source = await workshop.make(...countedInput('frames.gray', rate), ...count(frames), ...args, file)
    const { dir, plan } = await workshop.transcode(source, inPieces)
    expect(plan.chunks).toBeGreaterThan(1)
    expect(await readNumbers(join(dir, 'master.m3u8'))).toEqual(upTo(frames))
  })

  it('at 60 frames a second, the small rendition has every second frame', async () => {
    const source = await workshop.make(
      ...countedInput('frames.gray', '60'),
      ...count(420),
      ...X264,
      'fast.mp4',
    )
    const { dir, plan } = await workshop.transcode(source, inPieces)
    expect(plan.rungs.map(({ name }) => name)).toEqual(['240p'])
    expect(await readNumbers(join(dir, '240p/index.m3u8'))).toEqual(upTo(420, 2))
  })
})

it('a variable rate becomes a constant one, and every frame is shown when it was', async () => {
  // Thirty a second, of which from frame 200 on only every third is left.
  const thin = "trim=end_frame=260,select='lt(n,200)+not(mod(n,3))'"
  const input = countedInput('frames.gray', '30')
  const source = await workshop.make(...input, '-vf', thin, '-fps_mode', 'vfr', ...X264, 'vfr.mp4')
  const { dir, plan } = await workshop.transcode(source, inPieces)
  expect(plan.source.picture.isVariable).toBe(true)
  expect(plan.rate).toEqual({ num: 30, den: 1 })
  const numbers = await readNumbers(join(dir, 'master.m3u8'))
  // Until number 201, the last of the even part stays.
  const shown = (n: number) => (n < 200 ? n : Math.max(n - (n % 3), 199))
  expect(numbers).toEqual(upTo(plan.frames).map(shown))
})

describe('other players', () => {
  it('read the same frames and the same sound from HLS and from DASH, and seek', async () => {
    const sound = ['-f', 'lavfi', '-i', 'aevalsrc=if(between(t\\,5\\,5.1)\\,sin(2000*PI*t)\\,0):s=44100:d=11']
    const input = [...countedInput('frames.gray', '30'), ...sound, ...count(330)]
    const source = await workshop.make(...input, ...X264, '-c:a', 'aac', 'av.mp4')
    const { dir, plan, audio } = await workshop.transcode(source, inPieces)
    for (const manifest of ['master.m3u8', 'manifest.mpd']) {
      const url = join(dir, manifest)
      expect(await readNumbers(url)).toEqual(upTo(330))
      const samples = await playOut([
        '-i',
        url,
        '-map',
        '0:a:0',
        '-ac',
        '1',
        '-ar',
        '48000',
        '-f',
        's16le',
        '-',
      ])
      expect(Math.abs(samples.length / 2 - plan.durationMs * 48)).toBeLessThanOrEqual(1024)
      expect(Math.abs(beginningOfSound(samples) - 5 * 48_000)).toBeLessThan(480)
    }
    // Of HLS in fragments, ffmpeg 5.1 can't seek in what it wrote itself either.
    expect((await readNumbers(join(dir, 'manifest.mpd'), ['-ss', '6.5']))[0]).toBe(195)
    expect(audio[0]?.segments.reduce((sum, { duration }) => sum + duration, 0)).toBeGreaterThanOrEqual(
      528_000 - 1024,
    )
  })

  it('find a keyframe at the same moments in all renditions', async () => {
    const source = await workshop.make('-f', 'lavfi', '-i', 'testsrc2=s=1280x720:r=60:d=5', ...X264, 'hd.mp4')
    const { dir, plan } = await workshop.transcode(source, inPieces)
    expect(plan.rungs.map(({ name }) => name)).toEqual(['240p', '360p', '480p', '720p60'])
    for (const { name } of plan.rungs) {
      const args = [
        '-skip_frame',
        'nokey',
        '-i',
        join(dir, `${name}/index.m3u8`),
        '-copyts',
        '-fps_mode',
        'passthrough',
      ]
      const rows = (await playOut([...args, '-f', 'framecrc', '-enc_time_base', '1:1000', '-'])).toString()
      const times = rows.split('\n').flatMap((row) => /^0, +\d+, +(\d+)/.exec(row)?.[1] ?? [])
      expect(times.map(Number)).toEqual([0, 2000, 4000])
    }
    const master = await readFile(join(dir, 'master.m3u8'), 'utf8')
    expect(master).toMatch(/CODECS="avc1\.640020",RESOLUTION=1280x720,FRAME-RATE=60\.000/)
  })
})

it('a rendition made earlier is published with the same bytes once others follow', async () => {
  const source = await workshop.make('-f', 'lavfi', '-i', 'testsrc2=s=640x360:r=25:d=2', ...X264, 'two.mp4')
  const { plan, chunks } = await workshop.transcode(source)
  const { transcoder } = workshop
  const early = chunks.filter(({ rung }) => rung === plan.firstRung)
  const textsOf = (some: typeof chunks) =>
    new Map(
      transcoder
        .manifests({ plan, chunks: some, audio: [], captions: [] })
        .map(({ key, text }) => [key, text]),
    )
  const [before, after] = [textsOf(early), textsOf(chunks)]
  expect([...before.keys()].sort()).toEqual(['360p/index.m3u8', 'manifest.mpd', 'master.m3u8'])
  expect(after.get('360p/index.m3u8')).toBe(before.get('360p/index.m3u8'))
  expect(after.get('master.m3u8')).toContain('240p/index.m3u8')
  expect(() => textsOf([])).toThrow('No rendition is whole')
  const strange = chunks.map((record) => ({ ...record, segmentBytes: [] }))
  expect(() => textsOf(strange)).toThrow('do not fit together')
})

it('a chunk made twice has the same segments, byte for byte', async () => {
  const source = await workshop.make(
    ...countedInput('frames.gray', '30'),
    ...count(200),
    ...X264,
    'twice.mp4',
  )
  const plan = inPieces(workshop.transcoder.plan(await workshop.facts(source)))
  const make = async () => {
    const work = { source, plan, rungs: ['240p'], chunk: 1 }
    const [made] = await workshop.transcoder.encodeChunk(work, { dir: await workshop.scratch() })
    return Promise.all((made?.files ?? []).map(({ path }) => readFile(path)))
  }
  expect(await make()).toEqual(await make())
})

it('a step that is aborted ends at once, with the reason, and its ffmpeg too', async () => {
  const source = await workshop.make(
    '-f',
    'lavfi',
    '-i',
    'testsrc2=s=1280x720:r=30:d=20',
    ...X264,
    'long.mp4',
  )
  const plan = workshop.transcoder.plan(await workshop.facts(source))
  const ending = new AbortController()
  const shares: number[] = []
  const dir = await workshop.scratch()
  const step = workshop.transcoder.encodeChunk(
    { source, plan, rungs: plan.rungs.map(({ name }) => name), chunk: 0 },
    {
      dir,
      signal: ending.signal,
      onProgress(share) {
        shares.push(share)
        ending.abort(new Error('nobody wants it any more'))
      },
    },
  )
  await expect(step).rejects.toThrow('nobody wants it any more')
  expect(shares[0]).toBeLessThan(1)
  expect(await playersOf(dir)).toEqual([])
})

/** The first sample that is loud. */
function beginningOfSound(samples: Buffer): number {
  for (let i = 0; i * 2 < samples.length; i++) if (Math.abs(samples.readInt16LE(i * 2)) > 3000) return i
  return -1
}

/** Processes whose command names a folder. */
async function playersOf(dir: string): Promise<string[]> {
  const ids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name))
  const commands = await Promise.all(ids.map((id) => readFile(`/proc/${id}/cmdline`, 'utf8').catch(() => '')))
  return commands.filter((command) => command.includes(dir))
}
