import { readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Call, SourceFacts } from '../model.ts'
import { inputOf } from '../probe/input.ts'
import type { Sandbox } from '../sandbox/sandbox.ts'
import { readCues, writeCues } from './cues.ts'

/** Reading the whole of a large file takes longest. */
const CPU_SECONDS = 300

/** A text track of the source as WebVTT. Throws `TranscodeError`, and `invalid_input` for one that is too large. */
export async function extractSubtitles(
  sandbox: Sandbox,
  { source, facts, track }: { source: string; facts: SourceFacts; track: number },
  call: Call,
): Promise<string> {
  const stream = facts.texts[track]?.stream
  if (stream === undefined) throw new RangeError('The source has no such track.')
  const args = [
    ...['-v', 'error', '-nostdin', '-y', ...inputOf(facts.container, source), '-map', `0:${stream}`],
    ...['-map_metadata', '-1', '-f', 'webvtt', 'file:track.vtt'],
  ]
  await sandbox.run('ffmpeg', { source, cpuSeconds: CPU_SECONDS, args }, call)
  const path = join(call.dir, 'track.vtt')
  const text = writeCues(readCues(await readFile(path)))
  await rm(path)
  return text
}
