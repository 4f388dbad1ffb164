import { spawn } from 'node:child_process'
import { mkdir, rename, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { ReadableStream } from 'node:stream/web'
import { MINUTE_MS, SECOND_MS } from '../../src/core/time.ts'

/** A server that has not answered by then is taken for out of reach. */
const ANSWER_MS = 15 * SECOND_MS
/** The archive has some 3 MB; whoever needs longer for it is better served by the compiler. */
const WHOLE_MS = 5 * MINUTE_MS

/**
 * Fetches a tar.gz with the one file `mediasoup-worker` in it, and puts that at `output`. Rejects with what went wrong; the
 * place is then as it was.
 */
export async function download(url: string, output: string, signal: AbortSignal): Promise<void> {
  const dir = `${output}.download`
  await rm(dir, { recursive: true, force: true })
  await mkdir(dir, { recursive: true })
  try {
    const body = await fetchBody(url, signal)
    await unpack(body, dir)
    await mkdir(dirname(output), { recursive: true })
    await rename(join(dir, 'mediasoup-worker'), output)
  } finally {
    await rm(dir, { recursive: true, force: true })
  }
}

async function fetchBody(url: string, signal: AbortSignal): Promise<Readable> {
  const late = new AbortController()
  const timer = setTimeout(() => late.abort(new Error('no answer came')), ANSWER_MS)
  try {
    const response = await fetch(url, {
      signal: AbortSignal.any([signal, late.signal, AbortSignal.timeout(WHOLE_MS)]),
    })
    if (!response.ok || !response.body) throw new Error(`the answer was ${response.status}`)
    return Readable.fromWeb(response.body as ReadableStream)
  } finally {
    clearTimeout(timer)
  }
}

async function unpack(archive: Readable, dir: string): Promise<void> {
  const tar = spawn('tar', ['-xzf', '-', '-C', dir], { stdio: ['pipe', 'ignore', 'ignore'] })
  const ended = new Promise<void>((resolve, reject) => {
    tar.once('error', reject)
    tar.once('close', (code) => (code === 0 ? resolve() : reject(new Error(`tar ended with ${code}`))))
  })
  await Promise.all([pipeline(archive, tar.stdin), ended])
}
