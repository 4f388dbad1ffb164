import { mkdir, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import sharp, { type Sharp } from 'sharp'
import { rgbaToThumbHash } from 'thumbhash'
import { AppError } from '../../../core/errors.ts'
import { writeOutput } from '../encode/segments.ts'
import type { Call, OutputFile, Poster, PosterFormat, Posters } from '../model.ts'
import { type Engine, type Source, takeFrame, wantedOf } from './frames.ts'

/** Long sides in pixels: lists on telephones, lists, large cards, and the player before it plays. */
const SIDES = [240, 480, 800, 1280]
const LARGEST_SIDE = 1280
/**
 * Where to look for pictures that show something, a third of the video after the other; the very beginning and end are often
 * black or titles.
 */
const SHARES = [
  [0.08, 0.2],
  [0.33, 0.5],
  [0.66, 0.85],
] as const
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

/** Pictures of these moments, or of those of each third that show most. */
export async function makePosters(
  engine: Engine,
  work: Source & { momentsMs?: readonly number[] },
  call: Call,
): Promise<Posters> {
  const { momentsMs, best } = work.momentsMs
    ? { momentsMs: work.momentsMs, best: 0 }
    : await chooseMoments(engine, work, call)
  const choices: Poster[] = []
  for (const [choice, atMs] of momentsMs.entries()) {
    const shot = { name: 'frame', atMs, sidePx: LARGEST_SIDE }
    const file = await takeFrame(engine, work, shot, call)
    // Of a file, libvips may remember the picture that had the same name before.
    choices.push({ atMs, ...(await encodePoster(sharp(await readFile(file)), `posters/${choice}`, call)) })
    await rm(join(call.dir, 'frame'), { recursive: true })
  }
  return { choices, best }
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
  return encodePoster(sharp(pixels), 'posters', call)
}

async function encodePoster(
  image: Sharp,
  folder: string,
  { dir, signal, onProgress }: Call,
): Promise<Omit<Poster, 'atMs'>> {
  await mkdir(join(dir, folder), { recursive: true })
  const files: OutputFile[] = []
  for (const side of SIDES) {
    const sized = image.clone().resize(side, side, { fit: 'inside', withoutEnlargement: true })
    for (const format of FORMATS) {
      signal?.throwIfAborted()
      const bytes = await ENCODERS[format](sized.clone()).toBuffer()
      files.push(await writeOutput(dir, `${folder}/${side}.${format}`, bytes))
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

/** Of each third the moment whose picture shows more: neither black nor of one colour; `best` is the one of them that shows most. */
async function chooseMoments(
  engine: Engine,
  work: Source,
  call: Call,
): Promise<{ momentsMs: number[]; best: number }> {
  const { startMs, lengthMs } = wantedOf(work)
  const found: { atMs: number; score: number }[] = []
  for (const shares of SHARES) {
    const judged = []
    for (const share of shares) {
      const atMs = Math.round(startMs + lengthMs * share)
      judged.push({ atMs, score: await judgeMoment(engine, work, atMs, call) })
    }
    found.push(judged.reduce((best, next) => (next.score > best.score ? next : best)))
  }
  const scores = found.map(({ score }) => score)
  return { momentsMs: found.map(({ atMs }) => atMs), best: scores.indexOf(Math.max(...scores)) }
}

async function judgeMoment(engine: Engine, work: Source, atMs: number, call: Call): Promise<number> {
  const file = await takeFrame(engine, work, { name: 'try', atMs, sidePx: JUDGED_SIDE }, call)
  const { entropy, channels } = await sharp(await readFile(file)).stats()
  await rm(join(call.dir, 'try'), { recursive: true })
  // Entropy tells how much there is to see (0 to 8), the spread of brightness how well it is seen.
  return entropy + Math.max(...channels.map(({ stdev }) => stdev)) / 64
}

function refuse(cause?: unknown): never {
  const message =
    'This is no picture that can be used: choose a JPEG, PNG, WebP, GIF or AVIF of up to 50 megapixels.'
  throw new AppError('invalid_input', message, { issues: [{ path: 'picture', message }] }, { cause })
}
