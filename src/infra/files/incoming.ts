import { mkdir, open } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { FileStore } from '@tus/file-store'
import type { DataStore, Locker } from '@tus/server'
import type { Config } from '../../config.ts'
import type { ObjectStorage } from '../../core/ports.ts'
import type { RequestLocks } from '../postgres/request-locks.ts'
import { createS3Incoming } from './s3-incoming.ts'
import { openScratch } from './scratch.ts'
import { filesDir, type StorageSettings } from './storage.ts'

/**
 * Files that arrive in pieces (tus). They are written where they are to stay, under the key that `ObjectStorage` then reads
 * them by: tens of gigabytes are not copied. Until it is whole, nobody but the upload itself asks for that key.
 */
export type IncomingFiles = {
  store: DataStore
  locker: Locker
  /** How much of a file is there; undefined for one that never began, or is gone. */
  receivedBytes(key: string): Promise<number | undefined>
  /** A file that is whole is on the disk to stay, also should the machine lose its power. */
  finish(key: string): Promise<void>
  /** Deletes everything below a folder, with an unfinished file in it that is known by `key`; whoever writes it is sent away. */
  remove(folder: string, key: string | undefined): Promise<void>
}

type Deps = {
  config: StorageSettings & Pick<Config, 'DATA_DIR'>
  storage: Pick<ObjectStorage, 'deletePrefix'>
  locks: RequestLocks
}

export async function openIncoming({
  config,
  storage,
  locks,
}: Deps): Promise<IncomingFiles & AsyncDisposable> {
  const { S3_BUCKET } = config
  const directory = join(filesDir(config), 'objects')
  if (S3_BUCKET === undefined) await mkdir(directory, { recursive: true })
  const scratch = S3_BUCKET === undefined ? undefined : await openScratch(join(config.DATA_DIR, 'scratch'))
  const store =
    S3_BUCKET === undefined || !scratch
      ? new FileStore({ directory })
      : createS3Incoming({ ...config, S3_BUCKET }, scratch.dir)

  const receivedBytes = (key: string) =>
    store.getUpload(key).then(
      ({ offset }) => offset,
      (error: unknown) => {
        if (isGone(error)) return undefined
        throw error
      },
    )

  return {
    ...{ store, receivedBytes },
    locker: locks,

    async finish(key) {
      if (S3_BUCKET !== undefined) return
      for (const path of [join(directory, key), dirname(join(directory, key))]) {
        const handle = await open(path, 'r')
        try {
          await handle.sync()
        } finally {
          await handle.close()
        }
      }
    },

    async remove(folder, key) {
      if (key === undefined) return storage.deletePrefix(folder)
      await locks.holding(key, async () => {
        await store.remove(key).catch((error: unknown) => {
          if (!isGone(error)) throw error
        })
        await storage.deletePrefix(folder)
      })
    },

    async [Symbol.asyncDispose]() {
      await scratch?.[Symbol.asyncDispose]()
    },
  }
}

/** What the stores throw for a file that they do not have. */
const isGone = (error: unknown): boolean => {
  const status = (error as { status_code?: unknown } | undefined)?.status_code
  return status === 404 || status === 410
}
