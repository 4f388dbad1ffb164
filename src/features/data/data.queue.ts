import { z } from 'zod'
import { defineJob } from '../../infra/jobs.ts'

/** Makes the archive of an account. */
export const makeExport = defineJob({
  name: 'data.export',
  payload: z.object({ exportId: z.uuid(), origin: z.url() }),
  // With growing pauses these are some minutes: who waits for it sees that it failed, and asks again.
  maxAttempts: 5,
})

/** Deletes the file of an archive, unless it is one that can be fetched or is being made. */
export const removeExport = defineJob({
  name: 'data.remove-export',
  payload: z.object({ exportId: z.uuid() }),
  // With growing pauses this goes on for three days, longer than a storage is away.
  maxAttempts: 20,
})

/** Erases an account whose grace period is over. */
export const eraseAccount = defineJob({
  name: 'data.erase',
  payload: z.object({ accountId: z.uuid() }),
  maxAttempts: 25,
})

/** Finds archives that expired and accounts whose grace period is over. */
export const sweepData = defineJob({
  name: 'data.sweep',
  payload: z.unknown(),
  // It comes again by itself within the hour.
  maxAttempts: 3,
})
