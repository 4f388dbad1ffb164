import { spawn } from 'node:child_process'
import { createWorker } from 'mediasoup'
import { SECOND_MS } from '../../src/core/time.ts'

/** What a worker exits with when it is started without mediasoup's environment (its own install step asks the same way). */
const EXIT_WITHOUT_VERSION = 41
/** A worker that only refuses to start needs milliseconds; a machine that compiles meanwhile gets time for it. */
const REFUSAL_MS = 10 * SECOND_MS

/** Undefined if a worker can be started from this file; otherwise what is wrong with it. */
export async function whyUnusable(path: string): Promise<string | undefined> {
  const exit = await exitOf(path)
  if (exit !== EXIT_WITHOUT_VERSION) return `it ended with ${exit} when it was tried`
  try {
    const worker = await createWorker({ workerBin: path, logLevel: 'none' })
    try {
      await worker.createRouter({ mediaCodecs: [] })
    } finally {
      worker.close()
    }
    return undefined
  } catch (error) {
    return `no worker could be started from it (${error instanceof Error ? error.message : String(error)})`
  }
}

/** The exit code of the bare program, or why there is none. */
function exitOf(path: string): Promise<number | string> {
  return new Promise((resolve) => {
    const child = spawn(path, [], { stdio: 'ignore', env: {}, timeout: REFUSAL_MS, killSignal: 'SIGKILL' })
    child.once('error', (error) => resolve(error.message))
    child.once('exit', (code, signal) => resolve(code ?? String(signal)))
  })
}
