import { z } from 'zod'
import { defineJob } from '../../infra/jobs.ts'

/** Deletes the files of a picture, unless its account has it. */
export const removeFiles = defineJob({
  name: 'profiles.files',
  payload: z.object({ kind: z.enum(['avatar', 'cover']), userId: z.uuid(), id: z.uuid() }),
  // With growing pauses this goes on for three days, longer than a storage is away.
  maxAttempts: 20,
})
