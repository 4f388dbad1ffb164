import { randomUUID } from 'node:crypto'
import { mkdir, readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { lockFolder } from '../postgres/folder-lock.ts'

/** A folder of this process alone, for what nobody needs after it. */
export type Scratch = AsyncDisposable & { dir: string }

/**
 * Makes one below `root`, and removes those of processes that are gone: each holds a lock on its own that ends with it,
 * however it ends.
 */
export async function openScratch(root: string): Promise<Scratch> {
  await mkdir(root, { recursive: true })
  const dir = join(root, randomUUID())
  const lock = await lockFolder(dir)
  await mkdir(dir)
  await removeOrphans(root)
  return {
    dir,
    async [Symbol.asyncDispose]() {
      await rm(dir, { recursive: true, force: true })
      await lock[Symbol.asyncDispose]()
    },
  }
}

async function removeOrphans(root: string): Promise<void> {
  for (const name of await readdir(root)) {
    const dir = join(root, name)
    const lock = await lockFolder(dir).catch(() => undefined)
    if (!lock) continue
    await rm(dir, { recursive: true, force: true })
    await lock[Symbol.asyncDispose]()
  }
}
