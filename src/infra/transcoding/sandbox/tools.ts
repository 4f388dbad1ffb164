import { execFile } from 'node:child_process'
import { realpath } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)

export type Tools = {
  /** Absolute paths without links. */
  ffmpeg: string
  ffprobe: string
  /** Maps high dynamic range to what every screen shows; builds without zimg can't. */
  hasToneMapping: boolean
}

/** Encoders without which nothing can be made. */
const NEEDED_ENCODERS = ['libx264', 'aac'] as const

/**
 * ffmpeg where FFMPEG_PATH says or on PATH; ffprobe where FFPROBE_PATH says, beside FFMPEG_PATH, or on PATH. Answers what
 * is wrong with them as a sentence.
 */
export async function findTools({
  ffmpegPath,
  ffprobePath,
}: {
  ffmpegPath: string | undefined
  ffprobePath: string | undefined
}): Promise<Tools | { problem: string }> {
  const beside = ffmpegPath?.includes('/') ? join(dirname(ffmpegPath), 'ffprobe') : 'ffprobe'
  const [ffmpeg, ffprobe] = await Promise.all([locate(ffmpegPath ?? 'ffmpeg'), locate(ffprobePath ?? beside)])
  if (!ffmpeg) return { problem: missing('ffmpeg', ffmpegPath, 'FFMPEG_PATH') }
  if (!ffprobe) return { problem: missing('ffprobe', ffprobePath, 'FFPROBE_PATH') }
  const [encoders, filters] = await Promise.all([ask(ffmpeg, '-encoders'), ask(ffmpeg, '-filters')])
  const absent = NEEDED_ENCODERS.find((name) => !encoders.includes(` ${name} `))
  if (absent) return { problem: `${ffmpeg} was built without ${absent}; videos can't be prepared with it.` }
  const hasToneMapping = [' zscale ', ' tonemap '].every((name) => filters.includes(name))
  return { ffmpeg, ffprobe, hasToneMapping }
}

const missing = (name: string, path: string | undefined, setting: string) =>
  path
    ? `${setting} is ${path}, which can’t be run.`
    : `${name} is not on PATH: install ffmpeg (on Debian: apt install ffmpeg), or set ${setting}.`

/** The shell knows PATH; the name is no part of its program. */
const locate = (name: string): Promise<string | undefined> =>
  run('sh', ['-c', 'command -v -- "$1"', 'locate', name]).then(
    ({ stdout }) => realpath(stdout.trim()),
    () => undefined,
  )

const ask = (ffmpeg: string, list: string): Promise<string> =>
  run(ffmpeg, ['-hide_banner', list], { maxBuffer: 4 * 1024 * 1024 }).then(
    ({ stdout }) => stdout,
    () => '',
  )
