import type { StoredPicture } from '../../../drizzle/schema/accounts.ts'
import { AppError } from '../../core/errors.ts'
import { newId } from '../../core/ids.ts'
import type { ObjectStorage } from '../../core/ports.ts'
import { type Clock, MINUTE_MS } from '../../core/time.ts'
import type { Database } from '../../infra/db.ts'
import { AVATAR_FORM, COVER_FORM, type Picture, type Pictures } from '../../infra/files/pictures.ts'
import { enqueue } from '../../infra/jobs.ts'
import { removeFiles } from './profiles.queue.ts'
import { findOwnProfile, type PictureKind, replacePicture, type Texts, writeTexts } from './profiles.repo.ts'

export { removeFiles }

type Deps = { db: Database; storage: ObjectStorage; pictures: Pictures; clock: Clock }

const FORMS = { avatar: AVATAR_FORM, cover: COVER_FORM } as const
/** Files of an upload that was not finished by then are removed. */
const UNFINISHED_MS = 15 * MINUTE_MS
/** Nobody waits for a page for so long; and what is stored by then is not removed as unfinished. */
const STORING_MAX_MS = 10 * MINUTE_MS

export const pictureFolder = (kind: PictureKind, id: string) => `${kind}s/${id}/`

/**
 * What people tell of themselves. Every upload gets an id of its own, also of the same file: names of files then never
 * mean another picture, and removing one never takes another's files. A job that removes the files is there before they
 * are, so that nothing stays behind where an upload is broken off; it leaves what the account has.
 */
export function createProfilesService({ db, storage, pictures, clock }: Deps) {
  async function own(userId: string) {
    const found = await findOwnProfile(db.orm, userId)
    if (!found) throw new AppError('not_found')
    return found
  }

  async function store(userId: string, kind: PictureKind, { renditions, thumbhash }: Picture) {
    const id = newId()
    const startedMs = clock.nowMs()
    const runAt = new Date(startedMs + UNFINISHED_MS)
    await db.withTx((tx) => enqueue(tx, removeFiles, { kind, userId, id }, { runAt }))
    for (const { name, bytes } of renditions) await storage.put(pictureFolder(kind, id) + name, once(bytes))
    if (clock.nowMs() - startedMs > STORING_MAX_MS) throw new AppError('unavailable')
    return { id, thumbhash }
  }

  async function replace(userId: string, kind: PictureKind, picture: StoredPicture | null) {
    await db.withTx(async (tx) => {
      const replaced = await replacePicture(tx, { userId, kind }, picture)
      if (!replaced) throw new AppError('not_found')
      // At once: whoever takes a picture away wants it gone.
      if (replaced.former) await enqueue(tx, removeFiles, { kind, userId, id: replaced.former.id })
    })
    return own(userId)
  }

  return {
    /** Changes what is given. Errors: `not_found`. */
    async edit(userId: string, changes: Partial<Texts> & { displayName?: string }) {
      if (!(await db.withTx((tx) => writeTexts(tx, userId, changes)))) throw new AppError('not_found')
      return own(userId)
    },

    /** Errors: `invalid_input` (no picture that can be used), `unavailable` (too many at once), `not_found`. */
    async setPicture(userId: string, kind: PictureKind, bytes: Uint8Array) {
      const encoded = await pictures.encode(bytes, FORMS[kind])
      return replace(userId, kind, await store(userId, kind, encoded))
    },

    /** Errors: `not_found`. */
    removePicture: (userId: string, kind: PictureKind) => replace(userId, kind, null),
  }
}

export type ProfilesService = ReturnType<typeof createProfilesService>

async function* once(bytes: Uint8Array) {
  yield bytes
}
