import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import sharp, { type Sharp } from 'sharp'
import { rgbaToThumbHash } from 'thumbhash'
import { AppError } from '../../../core/errors.ts'
import { writeOutput } from '../encode/segments.ts'
import type { Call, OutputFile, Poster, PosterFormat } from '../model.ts'
import { type Engine, type Source, takeFrame } from './frames.ts'

/** Long sides in pixels: lists on telephones, lists, large cards, and the player before it plays. */
const SIDES = [240, 480, 800, 1280]
const LARGEST_SIDE = 1280
/** Where to look for a picture that shows something; the very beginning and end are often black or titles. */
const SHARES = [0.08, 0.2, 0.33, 0.5, 0.66, 0.85]
/** Enough to judge by. */
const JUDGED_SIDE = 160
/** ThumbHash takes up to 100 pixels. */
const HASH_PX = 100
/** 50 megapixels, as of the largest phone cameras. */
const PICTURE_MAX_PIXELS = 50_000_000

/** Sharper is not seen. AVIF at low effort is still a third smaller than WebP, and takes no second for the largest. */
const ENCODERS: Readonly<Record<PosterFormat, (image: Sharp) => Sharp>> = {
  avif: (image) => image.avif({ quality: 50, effort: 2 }),
  webp: (image) => image.webp({ quality: 75 }),
  jpg: (image) => image.jpeg({ quality: 78, mozjpeg: true }),
}
const FORMATS: readonly PosterFormat[] = ['avif', 'webp', 'jpg']

export async function makePoster(
  engine: Engine,
  work: Source & { atMs?: number },
  call: Call,
): Promise<Poster> {
  const atMs = work.atMs ?? (await chooseMoment(engine, work, call))
  const shot = { name: 'frame', atMs, sidePx: LARGEST_SIDE }
  const file = await takeFrame(engine, work, shot, call)
  const poster = await encodePoster(sharp(file), call)
  await rm(join(call.dir, 'frame'), { recursive: true })
  return { atMs, ...poster }
}

/** The same sizes of a picture that somebody chose; turned upright, without its metadata. */
export async function posterFromPicture(picture: Uint8Array, call: Call): Promise<Omit<Poster, 'atMs'>> {
  const image = sharp(picture, { limitInputPixels: PICTURE_MAX_PIXELS, pages: 1 })
  const { format } = await image.metadata().catch(refuse)
  // SVG is a program; what is rare is read by code that few people ever attacked.
  if (!['jpeg', 'png', 'webp', 'heif', 'gif'].includes(format)) refuse()
  const upright = image.autoOrient().flatten({ background: '#fff' }).toColourspace('srgb')
  const pixels = await upright
    .resize(LARGEST_SIDE, LARGEST_SIDE, { fit: 'inside', withoutEnlargement: true })
    .png({ compressionLevel: 1 })
    .toBuffer()
    .catch(refuse)
  return encodePoster(sharp(pixels), call)
}

async function encodePoster(image: Sharp, { dir, signal, onProgress }: Call): Promise<Omit<Poster, 'atMs'>> {
  await mkdir(join(dir, 'posters'), { recursive: true })
  const files: OutputFile[] = []
  for (const side of SIDES) {
    const sized = image.clone().resize(side, side, { fit: 'inside', withoutEnlargement: true })
    for (const format of FORMATS) {
      signal?.throwIfAborted()
      const bytes = await ENCODERS[format](sized.clone()).toBuffer()
      files.push(await writeOutput(dir, `posters/${side}.${format}`, bytes))
    }
    onProgress?.(files.length / (SIDES.length * FORMATS.length))
  }
  const small = await image
    .clone()
    .resize(HASH_PX, HASH_PX, { fit: 'inside' })
    .ensureAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true })
  const hash = rgbaToThumbHash(small.info.width, small.info.height, small.data)
  return { thumbhash: Buffer.from(hash).toString('base64'), files }
}

/** The moment among a few whose picture shows most: neither black nor of one colour. */
async function chooseMoment(engine: Engine, work: Source, call: Call): Promise<number> {
  const { durationMs } = work.facts
  let best = { atMs: 0, score: -1 }
  for (const [i, share] of SHARES.entries()) {
    const atMs = Math.round(durationMs * share)
    const file = await takeFrame(engine, work, { name: `try-${i}`, atMs, sidePx: JUDGED_SIDE }, call)
    const { entropy, channels } = await sharp(file).stats()
    // Entropy tells how much there is to see (0 to 8), the spread of brightness how well it is seen.
    const spread = Math.max(...channels.map(({ stdev }) => stdev)) / 64
    const score = entropy + spread
    if (score > best.score) best = { atMs, score }
    await rm(join(call.dir, `try-${i}`), { recursive: true })
  }
  return best.atMs
}

function refuse(cause?: unknown): never {
  const message =
    'This is no picture that can be used: choose a JPEG, PNG, WebP, GIF or AVIF of up to 50 megapixels.'
  throw new AppError('invalid_input', message, { issues: [{ path: 'picture', message }] }, { cause })
}
