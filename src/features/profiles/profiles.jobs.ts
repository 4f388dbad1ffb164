import type { ObjectStorage } from '../../core/ports.ts'
import type { Database } from '../../infra/db.ts'
import { handleJob, type JobHandler } from '../../infra/jobs.ts'
import { removeFiles } from './profiles.queue.ts'
import { hasPicture } from './profiles.repo.ts'
import { pictureFolder } from './profiles.service.ts'

/** Ids are never used again: a picture that its account does not have now, it will never have. */
export const profileJobs = ({ db, storage }: { db: Database; storage: ObjectStorage }): JobHandler[] => [
  handleJob(removeFiles, async (picture) => {
    if (await hasPicture(db, picture)) return
    await storage.deletePrefix(pictureFolder(picture.kind, picture.id))
  }),
]
