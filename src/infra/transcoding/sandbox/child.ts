import { spawn } from 'node:child_process'
import type { Readable } from 'node:stream'

/** ffmpeg says first what it found and last what went wrong; what lies between can be endless. */
const KEPT_CHARS = 8000
/** No line of theirs that means something is longer; a hostile file can make endless ones out of its metadata. */
const LINE_MAX_CHARS = 64 * 1024

export type ChildOptions = {
  cwd: string
  wallMs: number
  signal?: AbortSignal | undefined
  onLine?: ((line: string) => void) | undefined
  onErrorLine?: ((line: string) => void) | undefined
}

export type ChildEnd = {
  code: number | null
  killedBy: NodeJS.Signals | null
  isLate: boolean
  /** The last of what it wrote to standard error. */
  said: string
}

/** All that programs of ours need to know of the machine. */
const ENVIRONMENT = {
  PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
  LC_ALL: 'C',
  TZ: 'UTC',
}

/**
 * Runs a command to its end. It has a process group of its own, all of which is killed where time is up or the signal
 * comes; then this rejects with the signal's reason. Lines that are read from it slow it down as long as they are worked on.
 */
export function runChild(words: readonly string[], options: ChildOptions): Promise<ChildEnd> {
  const { cwd, wallMs, signal } = options
  const [command = '', ...args] = words
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(signal.reason)
    const child = spawn(command, args, {
      detached: true,
      cwd,
      env: ENVIRONMENT,
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    let said = ''
    let isLate = false
    const kill = () => {
      try {
        if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL')
      } catch {
        // The group has ended already.
      }
    }
    const fail = (error: unknown) => {
      kill()
      reject(error)
    }
    readLines(child.stdout, (line) => options.onLine?.(line), fail)
    const onErrorLine = (line: string) => {
      said = `${said}${line}\n`.slice(-KEPT_CHARS)
      options.onErrorLine?.(line)
    }
    readLines(child.stderr, onErrorLine, fail)
    const timer = setTimeout(() => {
      isLate = true
      kill()
    }, wallMs)
    signal?.addEventListener('abort', kill)
    const stop = () => {
      clearTimeout(timer)
      signal?.removeEventListener('abort', kill)
    }
    child.once('error', (error) => {
      stop()
      reject(error)
    })
    child.once('close', (code, killedBy) => {
      stop()
      if (signal?.aborted) reject(signal.reason)
      else resolve({ code, killedBy, isLate, said })
    })
  })
}

/** Cuts a stream into lines; what a listener throws goes to `fail`. */
function readLines(stream: Readable, onLine: (line: string) => void, fail: (error: unknown) => void): void {
  let rest = ''
  const hand = (lines: readonly string[]) => {
    try {
      for (const line of lines) onLine(line.slice(0, LINE_MAX_CHARS))
    } catch (error) {
      fail(error)
    }
  }
  stream.setEncoding('utf8').on('data', (chunk: string) => {
    const lines = `${rest}${chunk}`.split('\n')
    rest = (lines.pop() ?? '').slice(0, LINE_MAX_CHARS)
    hand(lines)
  })
  stream.once('end', () => hand(rest ? [rest] : []))
}
