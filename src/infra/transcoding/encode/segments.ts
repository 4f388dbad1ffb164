import { createHash } from 'node:crypto'
import { mkdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type CodedFrame, readFragments } from '../cmaf/fragments.ts'
import { pictureInit } from '../cmaf/init.ts'
import { mediaSegment, type Sample } from '../cmaf/segment.ts'
import type { EncodedChunk, OutputFile, Plan, Rung } from '../model.ts'
import { codedPath, frameTicks, timescaleOf } from './coded.ts'
import { framesOf } from './graph.ts'

/**
 * x264 decodes up to two frames ahead of one that is shown earlier (B-frames that others refer to). Offsets below zero
 * would need no delay, but players disagree on them: ffmpeg's shift the picture against the sound.
 */
const DELAY_FRAMES = 2

/** Fits a day of segments of a second; names sort as they play. */
export const segmentName = (number: number) => `${String(number).padStart(5, '0')}.m4s`

export async function writeOutput(dir: string, key: string, bytes: Uint8Array): Promise<OutputFile> {
  const path = join(dir, key)
  await writeFile(path, bytes)
  return { key, path, sizeBytes: bytes.length }
}

/**
 * Cuts what was encoded of a chunk into segments with their places on the whole video's timeline. Throws where a frame is
 * missing, twice, or outside of its segment: then nothing of it may be used.
 */
export async function segmentPicture(
  plan: Plan,
  rung: Rung,
  chunk: number,
  dir: string,
): Promise<EncodedChunk> {
  await mkdir(join(dir, rung.name), { recursive: true })
  const files: OutputFile[] = []
  const segmentBytes: number[] = []
  let codec = ''
  let initSha256 = ''
  let waiting: CodedFrame[] = []
  // The muxer delays all frames alike where some are decoded ahead; the first of a chunk is shown first.
  let delayTicks: number | undefined
  const { start, end } = framesOf(plan, chunk)
  const perSegment = plan.segmentFrames / rung.step
  const frames = Math.ceil((end - start) / rung.step)
  const firstNumber = chunk * plan.segmentsPerChunk

  const put = async (coded: readonly CodedFrame[]) => {
    const number = firstNumber + segmentBytes.length
    delayTicks ??= coded[0]?.shownAt ?? 0
    const originTicks = delayTicks + segmentBytes.length * perSegment * frameTicks(rung)
    const samples = toSamples(coded, originTicks, frameTicks(rung))
    const startTime = number * perSegment * frameTicks(rung)
    const bytes = mediaSegment(number + 1, startTime, samples)
    files.push(await writeOutput(dir, `${rung.name}/${segmentName(number)}`, bytes))
    segmentBytes.push(bytes.length)
  }
  for await (const part of readFragments(codedPath(dir, rung))) {
    if (!Array.isArray(part)) {
      const delay = DELAY_FRAMES * frameTicks(rung)
      const init = pictureInit({
        ...part,
        width: rung.width,
        height: rung.height,
        timescale: timescaleOf(rung),
        delay,
      })
      if (part.timescale !== timescaleOf(rung)) throw new Error('The encoder counts time otherwise.')
      codec = `avc1.${part.avcConfig.toString('hex', 1, 4)}`
      initSha256 = createHash('sha256').update(init).digest('hex')
      files.push(await writeOutput(dir, `${rung.name}/init.mp4`, init))
      continue
    }
    waiting.push(...part)
    while (waiting.length >= perSegment) {
      await put(waiting.slice(0, perSegment))
      waiting = waiting.slice(perSegment)
    }
  }
  if (waiting.length > 0) await put(waiting)
  const made = (segmentBytes.length - (waiting.length > 0 ? 1 : 0)) * perSegment + waiting.length
  if (made !== frames) throw new Error(`Chunk ${chunk} of ${rung.name} has ${made} frames, not ${frames}.`)
  await rm(codedPath(dir, rung))
  return { record: { rung: rung.name, chunk, codec, initSha256, segmentBytes }, files }
}

/** The frames of a segment in the order of decoding, each of which must be shown at a place of its own in the segment. */
function toSamples(frames: readonly CodedFrame[], originTicks: number, ticks: number): Sample[] {
  const shown = new Set<number>()
  if (!frames[0]?.isKey) throw new Error('A segment does not begin with a keyframe.')
  return frames.map(({ bytes, shownAt, isKey }, i) => {
    const place = (shownAt - originTicks) / ticks
    if (!Number.isInteger(place) || place < 0 || place >= frames.length || shown.has(place))
      throw new Error(`A frame is shown at ${place} of ${frames.length}.`)
    if (i - place > DELAY_FRAMES) throw new Error('A frame is decoded too late.')
    shown.add(place)
    return { bytes, isKey, duration: ticks, compositionOffset: (place - i + DELAY_FRAMES) * ticks }
  })
}
