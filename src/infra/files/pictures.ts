import sharp, { type OutputInfo } from 'sharp'
import { rgbaToThumbHash } from 'thumbhash'
import { AppError } from '../../core/errors.ts'

/**
 * One file of a picture. WebP for pages: every browser since 2020 shows it at a third less than JPEG, and it takes a
 * tenth of the CPU of AVIF, which would save another fifth. JPEG of the largest size for what is no browser: mails,
 * previews of links.
 */
export type Rendition = { name: string; bytes: Buffer }
export type Picture = { renditions: Rendition[]; thumbhash: string }

/** Widths in pixels and the shape: `square` cuts to the middle, `wide` to 3:1. */
export type PictureForm = { widths: readonly number[]; heightPerWidth: number }

/** As large as they are shown, on screens of one and of two pixels a point. */
export const AVATAR_FORM: PictureForm = { widths: [64, 128, 256], heightPerWidth: 1 }
/** Phones, laptops, and wide screens; 3:1 as the channel page shows them. */
export const COVER_FORM: PictureForm = { widths: [640, 1280, 1920], heightPerWidth: 1 / 3 }

/**
 * How the files begin that cameras and programs make, as Latin-1. SVG is a program and stays outside, as does everything
 * that is rare: libvips reads some formats with code that few people ever attacked.
 */
const BEGINNINGS: readonly ((text: string) => boolean)[] = [
  (text) => text.startsWith('\u00ff\u00d8\u00ff'),
  (text) => text.startsWith('\u0089PNG\r\n'),
  (text) => text.startsWith('GIF8'),
  (text) => text.startsWith('RIFF') && text.startsWith('WEBP', 8),
  (text) => /^ftyp(?:avif|avis|mif1|heic)/.test(text.slice(4)),
]
/** As long as the longest of them. */
const BEGINNING_BYTES = 12
/** 50 megapixels, as of today's largest phone cameras at full size: 200 MB while it is decoded. */
const PIXELS_MAX = 50_000_000
/** Sharper is not seen at these sizes. */
const QUALITY = 80
/** One thread of libvips a picture: with two pictures at once, two cores. The rest of the process goes on. */
const THREADS = 1
const AT_ONCE = 2
/** Behind these somebody waits longer than for a page that says so. */
const WAITING_MAX = 30
/** A hostile file may take long to decode; nobody waits for it. */
const TIMEOUT_SECONDS = 20
/** ThumbHash takes up to 100 pixels. */
const HASH_PX = 100

export type Pictures = {
  /**
   * Reads a picture, whatever it calls itself, and writes it anew: turned upright, without its metadata, of an animation
   * the first frame. Errors: `invalid_input` (no picture, damaged, too many pixels), `unavailable` (too many at once).
   */
  encode(bytes: Uint8Array, form: PictureForm): Promise<Picture>
  /** Other work on a picture, in the same line. Errors: `unavailable` (too many at once), and those of the work. */
  inTurn<T>(work: () => Promise<T>): Promise<T>
}

/** Encodes a few pictures at once; the others wait in line. */
export function createPictures(): Pictures {
  // It is the setting of the whole process, which encodes nothing else with it.
  sharp.concurrency(THREADS)
  // Uploads differ, so that what was decoded is never asked for again.
  sharp.cache(false)
  const waiting: (() => void)[] = []
  let running = 0

  async function enter(): Promise<void> {
    if (running < AT_ONCE) {
      running++
      return
    }
    if (waiting.length >= WAITING_MAX)
      throw new AppError('unavailable', 'Too many pictures are being prepared; try again in a moment.')
    await new Promise<void>((resolve) => waiting.push(resolve))
  }

  /** Whoever waits takes the place over. */
  function leave(): void {
    const next = waiting.shift()
    if (next) next()
    else running--
  }

  async function inTurn<T>(work: () => Promise<T>): Promise<T> {
    await enter()
    try {
      return await work()
    } finally {
      leave()
    }
  }

  return { inTurn, encode: (bytes, form) => inTurn(() => encode(bytes, form)) }
}

async function encode(bytes: Uint8Array, { widths, heightPerWidth }: PictureForm): Promise<Picture> {
  const upright = await decode(bytes, Math.max(...widths), heightPerWidth)
  const renditions: Rendition[] = []
  for (const width of widths) {
    const sized = shrink(upright, width, heightPerWidth)
    renditions.push({
      name: `${width}.webp`,
      bytes: await sized.clone().webp({ quality: QUALITY }).toBuffer(),
    })
    if (width === Math.max(...widths)) {
      const flat = sized.clone().flatten({ background: '#fff' })
      renditions.push({ name: `${width}.jpg`, bytes: await flat.jpeg({ quality: QUALITY }).toBuffer() })
    }
  }
  return { renditions, thumbhash: await thumbhashOf(upright) }
}

type Raw = { data: Buffer; info: OutputInfo }

/** The pixels, upright and cut to the form, as large as the largest size needs: the file itself is read once. */
async function decode(bytes: Uint8Array, width: number, heightPerWidth: number): Promise<Raw> {
  const beginning = Buffer.from(bytes.subarray(0, BEGINNING_BYTES)).toString('latin1')
  if (!BEGINNINGS.some((isKnown) => isKnown(beginning))) throw refusal()
  const limits = { limitInputPixels: PIXELS_MAX, failOn: 'warning', animated: false, pages: 1 } as const
  const image = sharp(bytes, limits)
  const { width: w, height: h, orientation = 1 } = await image.metadata().catch(refuse)
  // From 5 on, the picture lies on its side (EXIF 2.3, orientation).
  const isTurned = orientation >= 5
  const wide = Math.min(width, isTurned ? h : w, Math.round((isTurned ? w : h) / heightPerWidth))
  return image
    .timeout({ seconds: TIMEOUT_SECONDS })
    .autoOrient()
    .resize(Math.max(wide, 1), Math.max(Math.round(wide * heightPerWidth), 1), { fit: 'cover' })
    .toColourspace('srgb')
    .ensureAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true })
    .catch(refuse)
}

const ofRaw = ({ data, info: { width, height, channels } }: Raw) =>
  sharp(data, { raw: { width, height, channels } })

/** A picture that is smaller than a size is enlarged, so that every size exists. */
const shrink = (raw: Raw, width: number, heightPerWidth: number) =>
  ofRaw(raw).resize(width, Math.round(width * heightPerWidth), { fit: 'fill' })

async function thumbhashOf(raw: Raw): Promise<string> {
  const small = await ofRaw(raw)
    .resize(HASH_PX, HASH_PX, { fit: 'inside' })
    .raw()
    .toBuffer({ resolveWithObject: true })
  return Buffer.from(rgbaToThumbHash(small.info.width, small.info.height, small.data)).toString('base64')
}

/** libvips has no codes for its errors; whatever goes wrong while it reads comes of the file. */
function refuse(cause: Error): never {
  throw refusal(cause)
}

const refusal = (cause?: Error) =>
  new AppError(
    'invalid_input',
    'This is no picture that can be used: choose a JPEG, PNG, WebP, GIF or AVIF of up to 50 megapixels.',
    { issues: [{ path: 'picture', message: 'This file can not be read as a picture.' }] },
    { cause },
  )
