import { execFile } from 'node:child_process'
import { copyFile, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import type { Logger } from '../../../src/core/log.ts'
import type {
  AudioRecord,
  ChunkRecord,
  Cut,
  OutputFile,
  Plan,
  SourceFacts,
} from '../../../src/infra/transcoding/model.ts'
import { createTranscoder, type Transcoder } from '../../../src/infra/transcoding/transcoder.ts'

const run = promisify(execFile)
const silent = () => undefined
export const quietLog: Logger = {
  ...{ debug: silent, info: silent, warn: silent, error: silent },
  child: () => quietLog,
}
/** A decoded second of the smallest rung in grey has 2 MB. */
const OUTPUT_MAX_BYTES = 512 * 2 ** 20

/** A transcoder with a folder for files that are made and for what becomes of them, gone at the end. */
export type Workshop = AsyncDisposable & {
  dir: string
  transcoder: Transcoder
  /** A new scratch folder. */
  scratch(): Promise<string>
  /** Makes a file with ffmpeg in the folder; the last argument is its name. Answers its path. */
  make(...args: readonly string[]): Promise<string>
  /** A file of these bytes. */
  write(name: string, bytes: Uint8Array | string): Promise<string>
  facts(source: string): Promise<SourceFacts>
  /** All steps from the file, or a part of it, to a folder with manifests; `change` may change what is planned. */
  transcode(source: string, change?: (plan: Plan) => Plan, cut?: Cut): Promise<Made>
}

export type Made = { dir: string; plan: Plan; chunks: ChunkRecord[]; audio: AudioRecord[] }

export async function openWorkshop({ maxHours = 12 } = {}): Promise<Workshop> {
  const dir = await mkdtemp(join(tmpdir(), 'workshop-'))
  const made = await createTranscoder({
    ...{ ffmpegPath: undefined, ffprobePath: undefined, memoryMb: 6144, maxHours, log: quietLog },
  })
  if ('problem' in made) throw new Error(made.problem)
  const transcoder = made
  let folders = 0
  const scratch = async () => {
    const path = join(dir, `scratch-${++folders}`)
    await mkdir(path)
    return path
  }
  const facts = async (source: string) => {
    const result = await transcoder.probe(source, { dir: await scratch() })
    if (!result.ok) throw new Error(`${source} is refused: ${result.refusal.message}`)
    return result.facts
  }
  return {
    ...{ dir, transcoder, scratch, facts },
    async make(...args) {
      const name = join(dir, args.at(-1) ?? '')
      await run('ffmpeg', ['-v', 'error', '-nostdin', '-y', ...args.slice(0, -1), name], { cwd: dir })
      return name
    },
    async write(name, bytes) {
      const path = join(dir, name)
      await writeFile(path, bytes)
      return path
    },
    transcode: async (source, change = (plan) => plan, cut = undefined) =>
      transcodeAll(transcoder, { source, plan: change(transcoder.plan(await facts(source), cut)), scratch }),
    [Symbol.asyncDispose]: () => rm(dir, { recursive: true, force: true }),
  }
}

async function transcodeAll(
  transcoder: Transcoder,
  { source, plan, scratch }: { source: string; plan: Plan; scratch: () => Promise<string> },
): Promise<Made> {
  const dir = await scratch()
  const chunks: ChunkRecord[] = []
  const audio: AudioRecord[] = []
  const rungs = plan.rungs.map(({ name }) => name)
  for (let chunk = 0; chunk < plan.chunks; chunk++) {
    for (const { record, files } of await transcoder.encodeChunk(
      { source, plan, rungs, chunk },
      { dir: await scratch() },
    )) {
      await publish(dir, files)
      chunks.push(record)
    }
  }
  for (const { index } of plan.source.audio) {
    const made = await transcoder.encodeAudio({ source, plan, track: index }, { dir: await scratch() })
    await publish(dir, made.files)
    audio.push(made.record)
  }
  for (const { key, text } of transcoder.manifests({ plan, chunks, audio, captions: [] })) {
    await mkdir(dirname(join(dir, key)), { recursive: true })
    await writeFile(join(dir, key), text)
  }
  return { dir, plan, chunks, audio }
}

/** Puts what a step made where the storage would have it. */
export async function publish(dir: string, files: readonly OutputFile[]): Promise<void> {
  for (const { key, path } of files) {
    await mkdir(dirname(join(dir, key)), { recursive: true })
    await copyFile(path, join(dir, key))
  }
}

/** What ffmpeg, as a player that is not ours, writes to its output. */
export async function playOut(args: readonly string[]): Promise<Buffer> {
  const { stdout } = await run('ffmpeg', ['-v', 'error', '-nostdin', ...args], {
    encoding: 'buffer',
    maxBuffer: OUTPUT_MAX_BYTES,
  })
  return stdout
}

/** What ffprobe counts in the picture of a manifest. */
export async function pictureOf(
  url: string,
): Promise<{ width: number; height: number; fps: number; frames: number }> {
  const args = ['-v', 'error', '-select_streams', 'v:0', '-count_frames', '-print_format', 'json']
  const entries = ['-show_entries', 'stream=width,height,r_frame_rate,nb_read_frames']
  const { stdout } = await run('ffprobe', [...args, ...entries, url])
  const { streams } = JSON.parse(stdout) as { streams: Record<string, string>[] }
  const { width, height, r_frame_rate = '', nb_read_frames } = streams[0] ?? {}
  const [num = 0, den = 1] = r_frame_rate.split('/').map(Number)
  return { width: Number(width), height: Number(height), fps: num / den, frames: Number(nb_read_frames) }
}

/** Paths of files below a folder that have a text in them. */
export async function filesWith(dir: string, text: string): Promise<string[]> {
  const entries = await readdir(dir, { recursive: true, withFileTypes: true })
  const paths = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name))
  const found = await Promise.all(paths.map(async (path) => (await readFile(path)).includes(text)))
  return paths.filter((_, i) => found[i])
}
