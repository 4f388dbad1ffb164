import { randomUUID } from 'node:crypto'
import { createWriteStream } from 'node:fs'
import { type FileHandle, mkdir, open, readdir, rename, rm, rmdir, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { AppError } from '../../core/errors.ts'
import type { ObjectInfo, ObjectStorage } from '../../core/ports.ts'
import { DAY_MS } from '../../core/time.ts'
import { checkKey, checkPrefix, contentTypeOf, LIST_MAX, resolveRange } from './keys.ts'

/** Best for files here, as measured between 16 KB and 1 MB. */
const CHUNK_BYTES = 256 * 1024
/** A folder may be removed as empty at the moment it was made for a file; each time somebody else won. */
const MOVE_ATTEMPTS = 10
/** Nobody writes one file for longer; what is older was left by a process that died. */
const LEFTOVER_MS = 2 * DAY_MS

/**
 * Objects as plain files of their keys below `root/objects`, so that a web server can serve them as they are. A file is
 * written under `root/incoming` and moved, which on one disk happens at once.
 */
export async function createLocalStorage(root: string): Promise<ObjectStorage> {
  const objects = join(root, 'objects')
  const incoming = join(root, 'incoming')
  await guarded(async () => {
    for (const dir of [objects, incoming]) await mkdir(dir, { recursive: true })
    await removeLeftovers(incoming)
  })
  const pathOf = (key: string) => join(objects, key)

  return {
    async put(key, body) {
      checkKey(key)
      const source = watchSource(body)
      const file = join(incoming, randomUUID())
      await guarded(async () => {
        try {
          await pipeline(source.bytes, createWriteStream(file, { flush: true }))
          await moveInto(file, pathOf(key))
        } catch (error) {
          await rm(file, { force: true })
          throw error
        }
      }, source)
    },

    async read(key, range) {
      checkKey(key)
      return guarded(async () => {
        const handle = await open(pathOf(key), 'r')
        try {
          const info = infoOf(key, await handle.stat({ bigint: true }))
          const part = resolveRange(info.sizeBytes, range)
          return { ...info, range: part, body: await streamOf(handle, part) }
        } catch (error) {
          await handle.close()
          throw error
        }
      })
    },

    async head(key) {
      checkKey(key)
      return guarded(async () => infoOf(key, await stat(pathOf(key), { bigint: true })))
    },

    async delete(key) {
      checkKey(key)
      await guarded(async () => {
        await rm(pathOf(key), { force: true })
        await removeEmptyFolders(objects, dirname(key))
      })
    },

    async deletePrefix(prefix) {
      checkPrefix(prefix)
      await guarded(async () => {
        // Files that come meanwhile make a folder that is not empty: it is emptied again.
        await rm(pathOf(prefix), { recursive: true, force: true, maxRetries: 5 })
        if (prefix === '') await mkdir(objects, { recursive: true })
      })
    },

    async list(prefix, { after = '', limit = LIST_MAX } = {}) {
      checkPrefix(prefix)
      const keys: string[] = []
      await guarded(async () => {
        for await (const key of keysBelow(objects, prefix, after)) {
          if (keys.length >= Math.min(limit, LIST_MAX)) break
          keys.push(key)
        }
      })
      return keys
    },
  }
}

type Stats = { size: bigint; mtimeNs: bigint; ino: bigint }

const infoOf = (key: string, { size, mtimeNs, ino }: Stats): ObjectInfo => ({
  key,
  sizeBytes: Number(size),
  contentType: contentTypeOf(key),
  etag: `"${size.toString(36)}-${mtimeNs.toString(36)}-${ino.toString(36)}"`,
})

async function streamOf(handle: FileHandle, part: { start: number; end: number } | undefined) {
  if (part) return handle.createReadStream({ ...part, highWaterMark: CHUNK_BYTES })
  await handle.close()
  return Readable.from([])
}

/** Hands on what a source brings, and remembers whether it was the source that failed. */
export function watchSource(body: AsyncIterable<Uint8Array>) {
  let failure: unknown
  async function* watch() {
    try {
      yield* body
    } catch (error) {
      failure = error
      throw error
    }
  }
  return { bytes: watch(), failure: () => failure }
}

type Source = Pick<ReturnType<typeof watchSource>, 'failure'>

/** Errors of the disk in the words of our table; those of a source that was read as they are. */
async function guarded<T>(work: () => Promise<T>, source?: Source): Promise<T> {
  try {
    return await work()
  } catch (error) {
    const failure = source?.failure()
    if (failure !== undefined) throw failure
    if (error instanceof AppError) throw error
    const { code } = error as NodeJS.ErrnoException
    throw new AppError(code === 'ENOENT' ? 'not_found' : 'unavailable', undefined, undefined, {
      cause: error,
    })
  }
}

async function moveInto(file: string, target: string): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    await mkdir(dirname(target), { recursive: true })
    try {
      await rename(file, target)
      break
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT' || attempt === MOVE_ATTEMPTS) throw error
    }
  }
  await keepName(dirname(target))
}

/** The new name is on the disk too before anybody relies on it; a folder that is gone again has nothing to keep. */
async function keepName(folder: string): Promise<void> {
  const handle = await open(folder, 'r').catch(() => undefined)
  try {
    await handle?.sync()
  } finally {
    await handle?.close()
  }
}

async function removeEmptyFolders(objects: string, folder: string): Promise<void> {
  for (let path = folder; path !== '.'; path = dirname(path)) {
    // It is not empty, or somebody else has removed it.
    const isRemoved = await rmdir(join(objects, path)).then(
      () => true,
      () => false,
    )
    if (!isRemoved) return
  }
}

async function removeLeftovers(incoming: string): Promise<void> {
  for (const name of await readdir(incoming)) {
    const file = join(incoming, name)
    const found = await stat(file).catch(() => undefined)
    if (found && found.mtimeMs < Date.now() - LEFTOVER_MS) await rm(file, { force: true })
  }
}

/** In the order of their bytes: a folder sorts with the slash behind its name. Folders that end before `after` are not read. */
async function* keysBelow(objects: string, prefix: string, after: string): AsyncGenerator<string> {
  const entries = await readdir(join(objects, prefix), { withFileTypes: true }).catch(() => [])
  const names = entries.map((entry) => (entry.isDirectory() ? `${entry.name}/` : entry.name))
  for (const name of names.sort((a, b) => (a < b ? -1 : 1))) {
    const path = `${prefix}${name}`
    if (!name.endsWith('/')) {
      if (path > after) yield path
    } else if (path > after || after.startsWith(path)) yield* keysBelow(objects, path, after)
  }
}
