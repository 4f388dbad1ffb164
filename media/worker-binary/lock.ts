import { mkdir, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { SECOND_MS, sleep } from '../../src/core/time.ts'

/** How often the owner shows that it lives and a waiter looks. */
const BEAT_MS = 2 * SECOND_MS
/** An owner unseen for so long is gone: many beats, since a machine that compiles is a slow one. */
const STALE_MS = 60 * SECOND_MS

type Options = {
  /** Called once if another process holds the lock. */
  onWait(): void
  signal: AbortSignal
}

/**
 * Takes the lock `dir` (a folder, since making one is atomic), waiting while another living process holds it. Returns what
 * gives it back. Throws the signal's reason when it is aborted.
 */
export async function takeLock(dir: string, { onWait, signal }: Options): Promise<AsyncDisposable> {
  const owner = join(dir, 'owner')
  let hasWaited = false
  while (!(await tryMake(dir))) {
    if (await isAbandoned(dir, owner)) {
      await breakLock(dir)
      continue
    }
    if (!hasWaited) onWait()
    hasWaited = true
    await sleep(BEAT_MS / 4)
    signal.throwIfAborted()
  }
  await writeFile(owner, JSON.stringify({ pid: process.pid, host: hostname() }))
  const beat = setInterval(() => {
    const now = new Date()
    // The lock was broken by somebody who took this process for dead; the owner's work is harmless then.
    utimes(owner, now, now).catch(() => undefined)
  }, BEAT_MS)
  beat.unref()
  return {
    async [Symbol.asyncDispose]() {
      clearInterval(beat)
      await rm(dir, { recursive: true, force: true })
    },
  }
}

async function tryMake(dir: string): Promise<boolean> {
  try {
    await mkdir(dir)
    return true
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false
    throw error
  }
}

async function isAbandoned(dir: string, owner: string): Promise<boolean> {
  try {
    const { mtimeMs } = await stat(owner).catch(() => stat(dir))
    if (Date.now() - mtimeMs > STALE_MS) return true
    const { pid, host } = JSON.parse(await readFile(owner, 'utf8')) as { pid?: unknown; host?: unknown }
    return host === hostname() && typeof pid === 'number' && !isAlive(pid)
  } catch {
    // Given back or being written this very moment.
    return false
  }
}

/** Moved aside first, so that of two who break it only one can, and no fresh lock is removed. */
async function breakLock(dir: string): Promise<void> {
  const aside = `${dir}.${process.pid}.broken`
  await rename(dir, aside).catch(() => undefined)
  await rm(aside, { recursive: true, force: true })
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return codeOf(error) === 'EPERM'
  }
}

const codeOf = (error: unknown) => (error as NodeJS.ErrnoException).code
