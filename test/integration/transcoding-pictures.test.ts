import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import sharp from 'sharp'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createSandbox } from '../../src/infra/transcoding/sandbox/sandbox.ts'
import { findTools } from '../../src/infra/transcoding/sandbox/tools.ts'
import { createTranscoder } from '../../src/infra/transcoding/transcoder.ts'
import { picture, words, X264 } from '../support/transcoding/awkward.ts'
import { openWorkshop, quietLog, type Workshop } from '../support/transcoding/workshop.ts'

/** What is shown before a video plays, its captions, and what holds ffmpeg. */

let workshop: Workshop
beforeAll(async () => {
  workshop = await openWorkshop()
})
afterAll(() => workshop[Symbol.asyncDispose]())

const work = async (source: string) => ({ source, facts: await workshop.facts(source) })
const call = async () => ({ dir: await workshop.scratch() })
/** Black for six seconds, then two of pictures, then black again. */
const MOSTLY_BLACK = ['-vf', "drawbox=c=black:t=fill:enable='not(between(t,6,8))'"]

describe('pictures of a video', () => {
  it('one poster of each third is taken where something is seen, in four sizes for every browser', async () => {
    const source = await workshop.make(...picture('640x360', 12, 10), ...MOSTLY_BLACK, ...X264, 'black.mp4')
    const { choices, best } = await workshop.transcoder.posters(await work(source), await call())
    expect(choices.map(({ files }) => files[0]?.key)).toEqual([
      'posters/0/240.avif',
      'posters/1/240.avif',
      'posters/2/240.avif',
    ])
    const [first, second, third] = choices.map(({ atMs }) => atMs)
    expect(first).toBeLessThan(second ?? 0)
    expect(second).toBeLessThan(third ?? 0)
    const poster = choices[best]
    if (!poster) throw new Error('There is no best picture.')
    expect(poster.atMs).toBeGreaterThanOrEqual(6000)
    expect(poster.atMs).toBeLessThan(8000)
    expect(poster.files.map(({ key }) => key)).toHaveLength(12)
    const forms = await Promise.all(poster.files.map(({ path }) => sharp(path).metadata()))
    expect(forms.slice(0, 4).map(({ format, width, height }) => [format, width, height])).toEqual([
      ['heif', 240, 135],
      ['webp', 240, 135],
      ['jpeg', 240, 135],
      ['heif', 480, 270],
    ])
    // None is enlarged.
    expect(Math.max(...forms.map(({ width }) => width))).toBe(640)
    expect(Buffer.from(poster.thumbhash, 'base64').length).toBeGreaterThan(10)
  })

  it('its poster is the picture at the moment that was chosen, also behind the end', async () => {
    const colours = [
      '-f',
      'lavfi',
      '-i',
      'color=red:s=320x180:d=2',
      '-f',
      'lavfi',
      '-i',
      'color=blue:s=320x180:d=2',
    ]
    const join = ['-filter_complex', 'concat=n=2', ...X264]
    const chosen = await work(await workshop.make(...colours, ...join, 'colours.mp4'))
    const middleOf = async (atMs: number) => {
      const { choices } = await workshop.transcoder.posters({ ...chosen, momentsMs: [atMs] }, await call())
      const [red, , blue] = (await sharp(choices[0]?.files[1]?.path).stats()).channels
      return (red?.mean ?? 0) > (blue?.mean ?? 0) ? 'red' : 'blue'
    }
    expect(await middleOf(500)).toBe('red')
    expect(await middleOf(3000)).toBe('blue')
    expect(await middleOf(60_000)).toBe('red')
  })

  it('a chosen picture becomes a poster, and what is none is refused', async () => {
    const upload = await sharp({ create: { width: 900, height: 600, channels: 3, background: '#36c' } })
      .png()
      .toBuffer()
    const { files } = await workshop.transcoder.posterFromPicture(upload, await call())
    expect(files).toHaveLength(12)
    for (const bytes of [Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>'), Buffer.from('GIF89a')])
      await expect(workshop.transcoder.posterFromPicture(bytes, await call())).rejects.toMatchObject({
        code: 'invalid_input',
      })
  })

  it('its preview moves, and its storyboard shows every second where the index says', async () => {
    const source = await work(
      await workshop.make(...picture('640x360', 8, 25), ...X264, ...words('-g 25 moving.mp4')),
    )
    const preview = await workshop.transcoder.preview(source, await call())
    expect(await sharp(preview.path).metadata()).toMatchObject({ format: 'webp', width: 320, pages: 30 })
    const { files, intervalMs } = await workshop.transcoder.storyboard(source, await call())
    expect(intervalMs).toBe(1000)
    expect(files.map(({ key }) => key)).toEqual(['storyboard/0.jpg', 'storyboard/index.vtt'])
    const index = await readFile(files[1]?.path ?? '', 'utf8')
    expect(index.match(/-->/g)).toHaveLength(8)
    expect(index).toContain('00:00:07.000 --> 00:00:08.000\n0.jpg#xywh=1120,0,160,90')
    const [first, last] = await Promise.all(
      [0, 1120].map((left) =>
        sharp(files[0]?.path).extract({ left, top: 0, width: 160, height: 90 }).raw().toBuffer(),
      ),
    )
    expect(first?.equals(last ?? first)).toBe(false)
  })

  it('a video that does not begin or end with its sound, in one frame, has them too', async () => {
    const source = await work(await workshop.make(...picture(), ...words('-frames:v 1'), ...X264, 'one.mp4'))
    const { choices } = await workshop.transcoder.posters(source, await call())
    expect(choices.map(({ files }) => files.length)).toEqual([12, 12, 12])
    expect((await workshop.transcoder.preview(source, await call())).sizeBytes).toBeGreaterThan(100)
    expect((await workshop.transcoder.storyboard(source, await call())).files).toHaveLength(2)
  })
})

it('subtitles within a file come out as clean WebVTT', async () => {
  const lines = '1\n00:00:00,100 --> 00:00:00,900\nfirst <i>line</i><script>alert(1)</script>\n'
  const subtitles = await workshop.write('in.srt', lines)
  const inputs = [...picture(), '-i', subtitles, ...X264]
  const source = await workshop.make(...inputs, ...words('-c:s srt -metadata:s:s:0 language=deu subs.mkv'))
  const facts = await workshop.facts(source)
  expect(facts.texts).toMatchObject([{ index: 0, codec: 'subrip', language: 'deu' }])
  const text = await workshop.transcoder.subtitles({ source, facts, track: 0 }, await call())
  expect(text).toMatch(
    /^WEBVTT\nX-TIMESTAMP-MAP=MPEGTS:0,LOCAL:00:00:00.000\n\n00:00:00.100 --> 00:00:00.900\nfirst <i>line<\/i>/,
  )
  expect(text).not.toContain('<script')
})

describe('the sandbox', () => {
  it('in a namespace, there is no other file and no network; lists alone are told as such', async () => {
    const tools = await findTools({ ffmpegPath: undefined, ffprobePath: undefined })
    if ('problem' in tools) throw new Error(tools.problem)
    const sandbox = await createSandbox({ tools, memoryMb: 2048, log: quietLog })
    if ('problem' in sandbox) throw new Error(sandbox.problem)
    // Without any list of its own, as if one of them had a hole.
    const reads = async (file: string) => {
      const dir = await workshop.scratch()
      const args = [
        '-v',
        'error',
        '-f',
        'data',
        '-i',
        file,
        '-map',
        '0',
        '-c',
        'copy',
        '-f',
        'data',
        'file:out',
      ]
      const run = sandbox.run('ffmpeg', { args, cpuSeconds: 10 }, { dir })
      return run.then(
        async () => (await readFile(join(dir, 'out'))).length > 0,
        () => false,
      )
    }
    expect(await reads('file:/etc/passwd')).toBe(sandbox.kind === 'lists')
    const args = words('-v error -f lavfi -i testsrc2=s=1920x1080:r=60 -f null -')
    const endless = sandbox.run('ffmpeg', { args, cpuSeconds: 1 }, await call())
    await expect(endless).rejects.toMatchObject({ name: 'TranscodeError', reason: 'limit' })
    const huge = words('-v error -f lavfi -i color=s=16000x16000 -vf scale=16000:15998,reverse -f null -')
    const greedy = sandbox.run('ffmpeg', { args: huge, cpuSeconds: 60 }, await call())
    await expect(greedy).rejects.toMatchObject({ reason: 'limit' })
  })

  it('without ffmpeg there is a sentence in place of a transcoder', async () => {
    const options = { ffprobePath: undefined, memoryMb: 2048, maxHours: 1, log: quietLog }
    const absent = await createTranscoder({ ...options, ffmpegPath: '/nowhere/ffmpeg' })
    expect(absent).toEqual({ problem: 'FFMPEG_PATH is /nowhere/ffmpeg, which can’t be run.' })
    const other = await createTranscoder({ ...options, ffmpegPath: '/bin/true', ffprobePath: '/bin/true' })
    expect(other).toMatchObject({ problem: expect.stringContaining('without libx264') })
  })
})
