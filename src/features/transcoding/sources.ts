import { randomUUID } from 'node:crypto'
import { createWriteStream } from 'node:fs'
import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import type { ObjectStorage } from '../../core/ports.ts'
import { MINUTE_MS } from '../../core/time.ts'

type Held = { name: string; path: Promise<string>; users: number; timer: NodeJS.Timeout | undefined }

/** The pieces of a video come one after the other; its file is kept for the next one for so long. */
const KEPT_MS = 2 * MINUTE_MS

export type Sources = AsyncDisposable & {
  /** Runs `work` with the file of a run on this machine's disk. Errors: those of the storage. */
  use<T>(runId: string, key: string, work: (path: string) => Promise<T>): Promise<T>
}

/** Uploaded files on this machine's disk, fetched once for all the work on them that comes close together. */
export async function createSources(storage: Pick<ObjectStorage, 'read'>, dir: string): Promise<Sources> {
  const held = new Map<string, Held>()
  // What a process that was killed has left.
  await rm(dir, { recursive: true, force: true })
  await mkdir(dir, { recursive: true })

  /** Each time under another name: one that is being removed is nobody else's. */
  async function bring(path: string, key: string): Promise<string> {
    const { body } = await storage.read(key)
    await pipeline(body, createWriteStream(path))
    return path
  }

  function hold(runId: string, key: string): Held {
    const found = held.get(runId)
    if (found) return found
    const name = join(dir, randomUUID())
    const made: Held = { name, path: bring(name, key), users: 0, timer: undefined }
    held.set(runId, made)
    return made
  }

  async function drop(runId: string): Promise<void> {
    const name = held.get(runId)?.name
    held.delete(runId)
    if (name !== undefined) await rm(name, { force: true })
  }

  return {
    async use(runId, key, work) {
      const file = hold(runId, key)
      clearTimeout(file.timer)
      file.users++
      let isKept = false
      try {
        const path = await file.path
        isKept = true
        return await work(path)
      } finally {
        file.users--
        if (file.users === 0 && !isKept) await drop(runId)
        else if (file.users === 0) {
          file.timer = setTimeout(() => void drop(runId).catch(() => {}), KEPT_MS)
          file.timer.unref()
        }
      }
    },
    async [Symbol.asyncDispose]() {
      for (const { timer } of held.values()) clearTimeout(timer)
      await rm(dir, { recursive: true, force: true })
    },
  }
}
