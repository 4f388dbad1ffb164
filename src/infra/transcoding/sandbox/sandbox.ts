import { execFile } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { Logger } from '../../../core/log.ts'
import { MINUTE_MS, SECOND_MS } from '../../../core/time.ts'
import type { Call } from '../model.ts'
import { type ChildEnd, runChild } from './child.ts'
import { inNamespace, inTheOpen } from './namespace.ts'
import type { Tools } from './tools.ts'

/** A step that failed for a reason that lies in the file or in its limits. The message has ffmpeg's last words. */
export class TranscodeError extends Error {
  override name = 'TranscodeError'
  /** `limit`: it took more time, memory or room than a file may. */
  readonly reason: 'failed' | 'limit'
  constructor(reason: 'failed' | 'limit', message: string) {
    super(message)
    this.reason = reason
  }
}

export type Work = {
  args: readonly string[]
  /** The only file outside of the call's folder that it may read. */
  source?: string | undefined
  /** CPU time over all threads. */
  cpuSeconds: number
  onLine?: (line: string) => void
  onErrorLine?: (line: string) => void
}

export type Sandbox = {
  readonly kind: 'namespace' | 'lists'
  /** Runs to the end, or throws `TranscodeError`. Answers the last of what it said. */
  run(tool: 'ffmpeg' | 'ffprobe', work: Work, call: Call): Promise<string>
}

/** Shared by all cores, and so at least as long as one core would take; a busy machine gives less than that. */
const WALL_PER_CPU = 3
const WALL_MIN_MS = 2 * MINUTE_MS
/** One output of a step never gets there: an hour of sound has 60 MB, a chunk of 2160p 160 MB. */
const FILE_MAX_BYTES = 4 * 2 ** 30
/** The source, a few outputs, libraries while they load. */
const FILES_MAX = 128
/** Of one user: everything else that runs as this user counts too, so that it only stops what multiplies without end. */
const PROCESSES_MAX = 8192
/** Below everything that serves people. */
const NICENESS = 10
/** Where memory is short, the kernel ends an encoder before a server (0 is the default, 1000 the first to go). */
const OOM_SCORE = 500

const BYTES_PER_MB = 2 ** 20

/** Tries once whether this system allows namespaces, and tells the log where it does not. */
export async function createSandbox(options: {
  tools: Tools
  memoryMb: number
  log: Logger
}): Promise<Sandbox | { problem: string }> {
  const { tools, memoryMb, log } = options
  const limits = (cpuSeconds: number) => [
    ...['prlimit', `--cpu=${Math.ceil(cpuSeconds)}`, `--as=${memoryMb * BYTES_PER_MB}`, '--core=0'],
    ...[`--fsize=${FILE_MAX_BYTES}`, `--nofile=${FILES_MAX}`, `--nproc=${PROCESSES_MAX}`, '--'],
    ...['nice', '-n', String(NICENESS), 'choom', '-n', String(OOM_SCORE), '--'],
  ]
  const outside = await tryOut([...limits(10), ...inTheOpen(tools.ffprobe)])
  if (outside) return { problem: `ffprobe can't be run under limits (util-linux is needed): ${outside}` }
  const dir = await mkdtemp(join(tmpdir(), 'sandbox-'))
  const inside = await tryOut([...limits(10), ...inNamespace(tools.ffprobe, { dir })])
  await rm(dir, { recursive: true, force: true })
  const kind = inside ? 'lists' : 'namespace'
  if (inside) {
    log.warn(
      { reason: inside },
      'This system allows no namespaces: what ffmpeg may open is kept by its allow-lists and limits alone.',
    )
  }
  return {
    kind,
    async run(tool, { args, source, cpuSeconds, onLine, onErrorLine }, { dir, signal }) {
      const program = tools[tool]
      const words = kind === 'namespace' ? inNamespace(program, { dir, source }) : inTheOpen(program)
      const wallMs = Math.max(cpuSeconds * SECOND_MS * WALL_PER_CPU, WALL_MIN_MS)
      const end = await runChild([...limits(cpuSeconds), ...words, ...args], {
        ...{ cwd: dir, wallMs, signal, onLine, onErrorLine },
      })
      if (end.code === 0) return end.said
      throw failure(tool, end)
    },
  }
}

/**
 * Shells and unshare pass on the signal that ended a program as 128 + its number; the unshare of util-linux 2.38 fails in
 * doing so and says `sigprocmask unblock failed`.
 */
const LIMIT_CODES = [128 + 24, 128 + 25, 128 + 9]

function failure(tool: string, { code, killedBy, isLate, said }: ChildEnd): TranscodeError {
  const isLimit =
    isLate ||
    killedBy === 'SIGKILL' ||
    killedBy === 'SIGXCPU' ||
    killedBy === 'SIGXFSZ' ||
    LIMIT_CODES.includes(code ?? 0) ||
    /Cannot allocate memory|File too large|sigprocmask unblock failed/.test(said)
  const end = isLate ? 'took too long' : `ended with ${killedBy ?? `code ${code}`}`
  return new TranscodeError(isLimit ? 'limit' : 'failed', `${tool} ${end}: ${said.trim().slice(-1000)}`)
}

/** What it complained about, and nothing where it works. */
const tryOut = (words: readonly string[]): Promise<string | undefined> =>
  promisify(execFile)(words[0] ?? '', [...words.slice(1), '-version'], { timeout: 10 * SECOND_MS }).then(
    () => undefined,
    (error: Error & { stderr?: string }) => error.stderr?.trim() || error.message,
  )
