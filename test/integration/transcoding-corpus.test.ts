import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { AAC, AWKWARD, picture, sound, words, X264 } from '../support/transcoding/awkward.ts'
import { withForeignData } from '../support/transcoding/crafted.ts'
import { HOSTILE } from '../support/transcoding/hostile.ts'
import {
  filesWith,
  openWorkshop,
  pictureOf,
  playOut,
  type Workshop,
} from '../support/transcoding/workshop.ts'

/** Awkward and hostile files: each becomes what it should, or is refused with its reason; none reads or reaches anything else. */

let workshop: Workshop
let connections = 0
const listener = createServer((socket) => {
  connections++
  socket.destroy()
})
let port = 0

beforeAll(async () => {
  workshop = await openWorkshop()
  listener.listen(0, '127.0.0.1')
  await once(listener, 'listening')
  port = (listener.address() as { port: number }).port
})
afterAll(async () => {
  listener.close()
  await workshop[Symbol.asyncDispose]()
})

describe('a video', () => {
  it.each(AWKWARD)('$name is made right', async ({ args, size, seconds, facts = {} }) => {
    const source = await workshop.make(...args)
    const { dir, plan, audio } = await workshop.transcode(source)
    expect(plan.source.picture).toMatchObject(facts)
    const made = await pictureOf(join(dir, 'master.m3u8'))
    expect([made.width, made.height]).toEqual(size)
    expect(Math.abs(made.frames / made.fps - seconds)).toBeLessThan(1.5 / made.fps)
    expect(audio.length).toBe(plan.source.audio.length)
  })

  it('that a telephone turned by a quarter is upright', async () => {
    await workshop.make(...picture(), ...X264, 'straight.mp4')
    const straight = join(workshop.dir, 'straight.mp4')
    const source = await workshop.make('-i', straight, ...words('-c copy -metadata:s:v rotate=90 turned.mp4'))
    const { dir, plan } = await workshop.transcode(source)
    // ffmpeg 5.1 writes the turn against the clock.
    expect(plan.source.picture).toMatchObject({ rotation: 270, codedWidth: 320, width: 180 })
    expect(await pictureOf(join(dir, 'master.m3u8'))).toMatchObject({ width: 180, height: 320, frames: 30 })
  })

  it('with two tracks of sound has both, by their languages, equally loud', async () => {
    const languages = [
      '-metadata:s:a:0',
      'language=eng',
      '-metadata:s:a:1',
      'language=fra',
      '-metadata:s:a:1',
      'title=Le "son"',
    ]
    const inputs = [...picture('320x180', 4), ...sound('sine=f=300', 4), ...sound('anoisesrc=a=0.1', 4)]
    const maps = ['-map', '0', '-map', '1', '-map', '2', ...X264, ...AAC, ...languages]
    const { dir, audio } = await workshop.transcode(await workshop.make(...inputs, ...maps, 'two.mkv'))
    expect(audio.map(({ language }) => language)).toEqual(['eng', 'fra'])
    const master = await readFile(join(dir, 'master.m3u8'), 'utf8')
    expect(master).toContain('NAME="English",LANGUAGE="eng",DEFAULT=YES')
    expect(master).toContain('NAME="Le son",LANGUAGE="fra",DEFAULT=NO')
    for (const { name } of audio)
      expect(Math.abs((await loudness(join(dir, `${name}/index.m3u8`))) + 14)).toBeLessThan(1)
  })

  it('that was cut off behind its header is shown as far as it goes', async () => {
    const whole = await workshop.make(
      ...picture('320x180', 8),
      ...X264,
      '-g',
      '15',
      '-movflags',
      '+faststart',
      'whole.mp4',
    )
    const bytes = await readFile(whole)
    const source = await workshop.write('cut.mp4', bytes.subarray(0, bytes.length / 2))
    const facts = await workshop.facts(source)
    expect(facts.isTruncated).toBe(true)
    expect(facts.durationMs).toBeGreaterThan(2000)
    expect(facts.durationMs).toBeLessThan(6000)
    const { dir, plan } = await workshop.transcode(source)
    expect((await pictureOf(join(dir, 'manifest.mpd'))).frames).toBe(plan.frames)
  })

  it('that says its data are in another file is read from itself or not at all', async () => {
    const secret = await workshop.make('-f', 'lavfi', '-i', 'color=red:s=320x180:d=1', ...X264, 'secret.mp4')
    const own = await workshop.make('-f', 'lavfi', '-i', 'color=blue:s=320x180:d=1', ...X264, 'own.mp4')
    const source = await workshop.write('foreign.mp4', withForeignData(await readFile(own), secret))
    const result = await workshop.transcoder.probe(source, { dir: await workshop.scratch() })
    if (!result.ok) return expect(result.refusal.code).toBe('damaged')
    const { dir } = await workshop.transcode(source)
    const [red = 0, , blue = 0] = await playOut([
      '-i',
      join(dir, 'master.m3u8'),
      '-vf',
      'scale=1:1',
      '-pix_fmt',
      'rgb24',
      '-frames:v',
      '1',
      '-f',
      'rawvideo',
      '-',
    ])
    expect(blue).toBeGreaterThan(red)
  })
})

describe('refused with its reason', () => {
  it.each(HOSTILE)('$name', async ({ code, file }) => {
    const result = await workshop.transcoder.probe(await file({ ...workshop, port }), {
      dir: await workshop.scratch(),
    })
    expect(result).toMatchObject({ ok: false, refusal: { code, message: expect.stringMatching(/\w\.$/) } })
  })

  it('longer than may be', async () => {
    await using strict = await openWorkshop({ maxHours: 0.5 / 3600 })
    const source = await strict.make(...picture(), ...X264, 'long.mp4')
    const result = await strict.transcoder.probe(source, { dir: await strict.scratch() })
    expect(result).toMatchObject({ ok: false, refusal: { code: 'too_long' } })
  })
})

it('after all of these, nobody was called and nothing of /etc/passwd is anywhere', async () => {
  expect(connections).toBe(0)
  expect(await filesWith(workshop.dir, 'root:x:0:0')).toEqual([])
  // That both would be noticed.
  await playOut(['-i', `http://127.0.0.1:${port}/x.ts`, '-f', 'null', '-']).catch(() => undefined)
  expect(connections).toBe(1)
  await workshop.write('leak', await readFile('/etc/passwd'))
  expect(await filesWith(workshop.dir, 'root:x:0:0')).toEqual([join(workshop.dir, 'leak')])
})

/** In LUFS, by ffmpeg's meter. */
async function loudness(url: string): Promise<number> {
  const args = [
    '-i',
    url,
    '-af',
    'ebur128=metadata=1,ametadata=print:key=lavfi.r128.I:file=-',
    '-f',
    'null',
    '/dev/null',
  ]
  const lines = (await playOut(args)).toString().trim().split('\n')
  return Number(lines.at(-1)?.split('=')[1])
}
