import { mkdir, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { toStandardColours } from '../encode/colours.ts'
import type { Call, Cut, PictureFacts, SourceFacts } from '../model.ts'
import { inputOf } from '../probe/input.ts'
import { type Sandbox, TranscodeError } from '../sandbox/sandbox.ts'

export type Engine = { sandbox: Sandbox; hasToneMapping: boolean }
export type Source = { source: string; facts: SourceFacts; cut?: Cut | undefined }

/** From where on pictures are wanted, and for how long. */
export const wantedOf = ({ facts: { durationMs }, cut }: Source): { startMs: number; lengthMs: number } => {
  const startMs = Math.min(cut?.startMs ?? 0, durationMs)
  return { startMs, lengthMs: Math.min(cut?.endMs ?? durationMs, durationMs) - startMs }
}

/** From the keyframe before a moment to it, of the largest pictures. */
const CPU_SECONDS = 180

/** The largest size of the video's shape within a square; even, and no larger than the video. */
export function sizeWithin(
  { width, height }: PictureFacts,
  sidePx: number,
): { width: number; height: number } {
  const scale = Math.min(1, sidePx / Math.max(width, height))
  const even = (pixels: number) => Math.max(Math.round((pixels * scale) / 2) * 2, 2)
  return { width: even(width), height: even(height) }
}

/**
 * Pictures from one moment on as PNG files in a folder of the call: one, or all of a while at `fps`. Behind the end
 * there are none.
 */
export async function takeFrames(
  { sandbox, hasToneMapping }: Engine,
  { source, facts }: Source,
  shot: { name: string; atMs: number; sidePx: number; during?: { ms: number; fps: number } },
  call: Call,
): Promise<string[]> {
  const { picture, container } = facts
  const dir = join(call.dir, shot.name)
  await mkdir(dir, { recursive: true })
  const filters = [
    ...(picture.isInterlaced ? ['bwdif=mode=send_frame'] : []),
    ...(shot.during ? [`fps=${shot.during.fps}`] : []),
    ...toStandardColours(picture, sizeWithin(picture, shot.sidePx), hasToneMapping),
    'setsar=1',
    'scale=in_color_matrix=bt709:in_range=tv',
    'format=rgb24',
  ]
  const count = shot.during ? Math.round((shot.during.ms * shot.during.fps) / 1000) : 1
  const args = [
    ...['-v', 'error', '-nostdin', '-y', ...(shot.atMs > 0 ? ['-ss', (shot.atMs / 1000).toFixed(3)] : [])],
    ...[...inputOf(container, source), '-map', `0:${picture.stream}`, '-vf', filters.join(',')],
    ...['-frames:v', String(count), '-f', 'image2', '-c:v', 'png', `file:${shot.name}/%03d.png`],
  ]
  await sandbox.run('ffmpeg', { source, cpuSeconds: CPU_SECONDS, args }, call)
  return (await readdir(dir)).sort().map((file) => join(dir, file))
}

/** The one picture at a moment; the first that is wanted where there is none any more, else that of the video. */
export async function takeFrame(
  engine: Engine,
  work: Source,
  shot: { name: string; atMs: number; sidePx: number },
  call: Call,
): Promise<string> {
  const [file] = await takeFrames(engine, work, shot, call)
  if (file) return file
  for (const atMs of new Set([wantedOf(work).startMs, 0])) {
    const [other] = await takeFrames(engine, work, { ...shot, atMs }, call)
    if (other) return other
  }
  throw new TranscodeError('failed', 'No picture could be taken.')
}
