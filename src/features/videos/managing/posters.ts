import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { newId } from '../../../core/ids.ts'
import type { Tx } from '../../../infra/db.ts'
import type { Pictures } from '../../../infra/files/pictures.ts'
import { posterFromPicture } from '../../../infra/transcoding/pictures/poster.ts'
import type { VideoRow } from '../videos.repo.ts'
import { createOwnFiles, type OwnFilesDeps } from './own-files.ts'

export type PostersDeps = OwnFilesDeps & { pictures: Pick<Pictures, 'inTurn'> }

/** Pictures that owners upload as posters. */
export function createPosters(deps: PostersDeps) {
  const files = createOwnFiles(deps)

  return {
    /** Makes all sizes of a picture and stores them. Errors: `invalid_input`, `unavailable`. */
    async store(videoId: string, bytes: Uint8Array): Promise<{ posterId: string; thumbhash: string }> {
      const posterId = newId()
      const made = await deps.pictures.inTurn(() => encode(bytes))
      await files.store(videoId, `posters/${posterId}/`, made.files)
      return { posterId, thumbhash: made.thumbhash }
    },

    /** Another poster takes the place of the one that a video has. */
    async drop(tx: Tx, { id, posterId }: VideoRow): Promise<void> {
      if (posterId !== null) await files.drop(tx, id, `posters/${posterId}/`)
    },
  }
}

async function encode(bytes: Uint8Array) {
  const dir = await mkdtemp(join(tmpdir(), 'poster-'))
  try {
    const { thumbhash, files } = await posterFromPicture(bytes, { dir })
    const read = async ({ key, path }: { key: string; path: string }) => ({
      ...{ file: basename(key), bytes: await readFile(path) },
    })
    return { thumbhash, files: await Promise.all(files.map(read)) }
  } finally {
    await rm(dir, { recursive: true, force: true })
  }
}
