import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { SECOND_MS } from '../../src/core/time.ts'
import { createOutputReader } from './output.ts'
import type { Step } from './worker-binary.ts'

/** Below everything that serves people, so that a machine stays usable while it compiles. */
const NICENESS = 10
/** What compilers get to end by themselves before they are killed. */
const END_MS = 2 * SECOND_MS

type Options = {
  scriptDir: string
  mediasoupDir: string
  output: string
  report(step: Step): void
  /** Aborting ends the whole process group. */
  signal: AbortSignal
}

/** Runs the compile script; rejects with its sentence about what stopped it. */
export function compile({ scriptDir, mediasoupDir, output, report, signal }: Options): Promise<void> {
  return new Promise((resolve, reject) => {
    const script = [join(scriptDir, 'build.sh'), '--end-with-stdin', output, mediasoupDir]
    const child = spawn('nice', ['-n', String(NICENESS), 'bash', ...script], {
      // A group of its own, so that compilers end with it; and its end when this process dies, through standard input.
      detached: true,
      stdio: ['pipe', 'pipe', 'pipe'],
    })
    const reader = createOutputReader()
    const onOutput = (chunk: string) => {
      const step = reader.read(chunk)
      if (step) report(step)
    }
    child.stdout.setEncoding('utf8').on('data', onOutput)
    child.stderr.setEncoding('utf8').on('data', onOutput)
    // The script may be gone before the pipe is: nothing is ever written to it.
    child.stdin.on('error', () => undefined)

    const kill = (name: 'SIGTERM' | 'SIGKILL') => {
      if (child.pid === undefined) return
      try {
        process.kill(-child.pid, name)
      } catch {
        // The group has ended already.
      }
    }
    let timer: NodeJS.Timeout | undefined
    const onAbort = () => {
      kill('SIGTERM')
      timer = setTimeout(() => kill('SIGKILL'), END_MS)
    }
    signal.addEventListener('abort', onAbort)
    child.once('error', reject)
    child.once('close', (code) => {
      clearTimeout(timer)
      signal.removeEventListener('abort', onAbort)
      if (code === 0) resolve()
      else reject(signal.aborted ? signal.reason : new Error(reader.problem()))
    })
    if (signal.aborted) onAbort()
  })
}
