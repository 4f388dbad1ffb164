import { and, eq } from 'drizzle-orm'
import { videoCaptions, videos } from '../../../../drizzle/schema/index.ts'
import { AppError } from '../../../core/errors.ts'
import type { ObjectStorage } from '../../../core/ports.ts'
import { type Clock, DAY_MS, MINUTE_MS } from '../../../core/time.ts'
import type { Database, Tx } from '../../../infra/db.ts'
import { enqueue } from '../../../infra/jobs.ts'
import { ownFolder } from '../../playback/playback.service.ts'
import { removeOwnFiles } from '../videos.queue.ts'

export type OwnFilesDeps = { db: Database; storage: Pick<ObjectStorage, 'put'>; clock: Clock }

/** `captions/{id}.vtt`, or the folder of a poster: `posters/{id}/`. No name is ever used again. */
export type OwnName = `captions/${string}.vtt` | `posters/${string}/`

/** Files of an upload that was not finished by then are removed. */
const UNFINISHED_MS = 15 * MINUTE_MS
/** Nobody waits for a page for so long; and what is stored by then is not removed as unfinished. */
const STORING_MAX_MS = 10 * MINUTE_MS
/** Pages that were opened before go on asking for what was replaced. */
const REPLACED_MS = DAY_MS

/**
 * What the owner of a video gave it beside its file: captions and posters. They lie outside of the folders of runs, as they
 * stay when the video gets another file, and never change, as another one has another name.
 */
export function createOwnFiles({ db, storage, clock }: OwnFilesDeps) {
  return {
    /** Stores files under a name; a job that removes them unless they are used is there before they are. Errors: `unavailable`. */
    async store(
      videoId: string,
      name: OwnName,
      files: readonly { file: string; bytes: Uint8Array }[],
    ): Promise<void> {
      const startedMs = clock.nowMs()
      const runAt = new Date(startedMs + UNFINISHED_MS)
      await db.withTx((tx) => enqueue(tx, removeOwnFiles, { videoId, name }, { runAt }))
      for (const { file, bytes } of files) await storage.put(ownFolder(videoId) + name + file, once(bytes))
      if (clock.nowMs() - startedMs > STORING_MAX_MS) throw new AppError('unavailable')
    },

    /** What was replaced goes later. */
    drop: (tx: Tx, videoId: string, name: OwnName): Promise<void> =>
      enqueue(tx, removeOwnFiles, { videoId, name }, { runAt: new Date(clock.nowMs() + REPLACED_MS) }),
  }
}

type RemoveDeps = { db: Database; storage: Pick<ObjectStorage, 'delete' | 'deletePrefix'> }

/** Deletes files that their video does not have: it will never have them again. */
export async function removeUnused(
  { db, storage }: RemoveDeps,
  { videoId, name }: { videoId: string; name: string },
): Promise<void> {
  if (await isUsed(db, videoId, name)) return
  const key = ownFolder(videoId) + name
  await (name.endsWith('/') ? storage.deletePrefix(key) : storage.delete(key))
}

async function isUsed(db: Database, videoId: string, name: string): Promise<boolean> {
  const [, posterId] = /^posters\/([^/]+)\/$/.exec(name) ?? []
  const rows =
    posterId === undefined
      ? await db.orm
          .select({ id: videoCaptions.id })
          .from(videoCaptions)
          .where(and(eq(videoCaptions.videoId, videoId), eq(videoCaptions.key, name)))
      : await db.orm
          .select({ id: videos.id })
          .from(videos)
          .where(and(eq(videos.id, videoId), eq(videos.posterId, posterId)))
  return rows.length > 0
}

async function* once(bytes: Uint8Array) {
  yield bytes
}
