import sharp from 'sharp'
import { describe, expect, test } from 'vitest'
import { AVATAR_FORM, COVER_FORM, createPictures } from '../../src/infra/files/pictures.ts'
import { animation, photoWithPlace, pictureOf, pngBomb } from '../support/pictures.ts'

const pictures = createPictures()
const encode = (bytes: Uint8Array) => pictures.encode(bytes, AVATAR_FORM)
const refused = { code: 'invalid_input' }

/** The colour of one point, as parts of the width and height. */
async function colourAt(bytes: Buffer | undefined, x: number, y: number) {
  const { data, info } = await sharp(bytes).removeAlpha().raw().toBuffer({ resolveWithObject: true })
  const at = (Math.floor(y * info.height) * info.width + Math.floor(x * info.width)) * info.channels
  return { r: data[at] ?? 0, g: data[at + 1] ?? 0, b: data[at + 2] ?? 0 }
}

describe('a picture', () => {
  test.each(['jpeg', 'png', 'webp', 'gif', 'avif'] as const)(
    'of %s comes out in every size',
    async (format) => {
      const { renditions, thumbhash } = await encode(await pictureOf(format))
      expect(renditions.map(({ name }) => name)).toEqual(['64.webp', '128.webp', '256.webp', '256.jpg'])
      for (const { name, bytes } of renditions) {
        const size = Number.parseInt(name, 10)
        const kind = name.endsWith('jpg') ? 'jpeg' : 'webp'
        expect(await sharp(bytes).metadata()).toMatchObject({ format: kind, width: size, height: size })
      }
      expect(Buffer.from(thumbhash, 'base64').length).toBeGreaterThan(4)
    },
  )

  test('as a cover is three times as wide as it is high, also a small or a tall one', async () => {
    for (const size of [
      {},
      { width: 20, height: 2000 },
      { width: 3000, height: 10 },
      { width: 1, height: 1 },
    ]) {
      const { renditions } = await pictures.encode(await pictureOf('png', size), COVER_FORM)
      expect(await sharp(renditions[2]?.bytes).metadata()).toMatchObject({ width: 1920, height: 640 })
    }
  })

  test('of a telephone is turned upright, and tells neither where it was made nor with what', async () => {
    const photo = await photoWithPlace()
    expect(photo.toString('latin1')).toContain('SecretMaker')
    const before = await sharp(photo).metadata()
    expect(before).toMatchObject({ orientation: 6, width: 600 })
    const { renditions } = await encode(photo)
    for (const { bytes } of renditions) {
      const { exif, xmp, iptc, icc, orientation } = await sharp(bytes).metadata()
      expect({ exif, xmp, iptc, icc, orientation }).toEqual({})
      expect(bytes.toString('latin1')).not.toMatch(/SecretMaker|Exif|GPS/)
    }
    // The middle square of what stands upright: the blue third is above.
    const [above, below] = [
      await colourAt(renditions[2]?.bytes, 0.5, 0.03),
      await colourAt(renditions[2]?.bytes, 0.5, 0.9),
    ]
    expect(above.r).toBeLessThan(60)
    expect(below.r).toBeGreaterThan(220)
  })

  test('that moves becomes its first frame', async () => {
    const gif = await animation()
    expect((await sharp(gif, { animated: true }).metadata()).pages).toBe(2)
    const { renditions } = await encode(gif)
    expect((await sharp(renditions[2]?.bytes).metadata()).pages ?? 1).toBe(1)
    const colour = await colourAt(renditions[2]?.bytes, 0.5, 0.5)
    expect(colour.r).toBeGreaterThan(200)
    expect(colour.b).toBeLessThan(50)
  })

  test('with holes keeps them as WebP, and stands on white as JPEG', async () => {
    const clear = { r: 0, g: 0, b: 0, alpha: 0 }
    const png = await sharp({ create: { width: 90, height: 90, channels: 4, background: clear } })
      .png()
      .toBuffer()
    const { renditions } = await encode(png)
    expect((await sharp(renditions[0]?.bytes).metadata()).hasAlpha).toBe(true)
    expect((await colourAt(renditions[3]?.bytes, 0.5, 0.5)).r).toBeGreaterThan(250)
  })
})

describe('what is no picture is refused', () => {
  const svg = '<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
  test.each([
    ['an SVG with a script', Buffer.from(svg)],
    [
      'an SVG that reads a file',
      Buffer.from(`<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]>${svg}`),
    ],
    ['a page called .png', Buffer.from('<!doctype html><script>alert(1)</script>')],
    [
      'a page behind the first bytes of a PNG',
      Buffer.from('\x89PNG\r\n\x1a\n<script>alert(1)</script>', 'latin1'),
    ],
    ['a PDF', Buffer.from('%PDF-1.7\n1 0 obj')],
    ['a playlist', Buffer.from('#EXTM3U\nfile:///etc/passwd')],
    ['nothing', Buffer.alloc(0)],
    ['one byte', Buffer.from([0xff])],
    ['zeros', Buffer.alloc(100_000)],
  ])('%s', async (_what, bytes) => {
    await expect(encode(bytes)).rejects.toMatchObject(refused)
  })

  test('a TIFF, which few need and few have attacked', async () => {
    const tiff = await sharp({ create: { width: 9, height: 9, channels: 3, background: 'red' } })
      .tiff()
      .toBuffer()
    await expect(encode(tiff)).rejects.toMatchObject(refused)
  })

  test('900 million pixels in a few KB, without decoding them', async () => {
    const bomb = pngBomb()
    expect(bomb.length).toBeLessThan(1_000_000)
    const before = process.memoryUsage.rss()
    await expect(encode(bomb)).rejects.toMatchObject(refused)
    expect(process.memoryUsage.rss() - before).toBeLessThan(100_000_000)
  })

  test('half a JPEG', async () => {
    const whole = await pictureOf('jpeg', { width: 1000, height: 1000 })
    await expect(encode(whole.subarray(0, whole.length / 2))).rejects.toMatchObject(refused)
  })

  test('and more than can wait in line, which is told to come again', async () => {
    const png = await pictureOf('png', { width: 1500, height: 1500 })
    const all = await Promise.allSettled(Array.from({ length: 40 }, () => encode(png)))
    const failures = all.flatMap((each) => (each.status === 'rejected' ? [each.reason] : []))
    expect(failures.length).toBe(8)
    for (const failure of failures) expect(failure).toMatchObject({ code: 'unavailable' })
    await encode(png)
  })
})
