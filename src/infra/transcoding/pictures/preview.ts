import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import sharp from 'sharp'
import { writeOutput } from '../encode/segments.ts'
import type { Call, OutputFile } from '../model.ts'
import { type Engine, type Source, takeFrame, takeFrames, wantedOf } from './frames.ts'

/** Six moments of half a second: one sees what a video is about within one glance. */
const MOMENTS = 6
const MOMENT_MS = 500
const FPS = 10
/** As cards are wide on a telephone; some 200 KB. */
const SIDE_PX = 320
const QUALITY = 45

/** A muted moving picture for cards. A video that is not longer than it is shown from its beginning. */
export async function makePreview(engine: Engine, work: Source, call: Call): Promise<OutputFile> {
  const { startMs, lengthMs } = wantedOf(work)
  const isShort = lengthMs < MOMENTS * MOMENT_MS * 2
  const moments = isShort
    ? [{ atMs: startMs, ms: Math.min(lengthMs, MOMENTS * MOMENT_MS) }]
    : Array.from({ length: MOMENTS }, (_, i) => ({
        atMs: Math.round(startMs + (lengthMs * (i + 0.5)) / MOMENTS),
        ms: MOMENT_MS,
      }))
  const frames: string[] = []
  for (const [i, { atMs, ms }] of moments.entries()) {
    const during = { ms: Math.max(ms, 1000 / FPS), fps: FPS }
    frames.push(
      ...(await takeFrames(engine, work, { name: `moment-${i}`, atMs, sidePx: SIDE_PX, during }, call)),
    )
    call.onProgress?.(i / moments.length)
  }
  // A video shorter than a frame of these has none at its rate.
  if (frames.length === 0)
    frames.push(await takeFrame(engine, work, { name: 'moment-0', atMs: startMs, sidePx: SIDE_PX }, call))
  const [only] = frames
  // What is joined are two at least.
  const animation = frames.length === 1 ? sharp(only) : sharp(frames, { join: { animated: true } })
  const bytes = await animation
    .webp({ quality: QUALITY, effort: 3, loop: 0, delay: frames.map(() => 1000 / FPS) })
    .toBuffer()
  const file = await writeOutput(call.dir, 'preview.webp', bytes)
  for (const [i] of moments.entries()) await rm(join(call.dir, `moment-${i}`), { recursive: true })
  return file
}
