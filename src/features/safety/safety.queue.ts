import { z } from 'zod'
import { defineJob } from '../../infra/jobs.ts'

/** Lets everybody in who waits for an account that is private no longer. */
export const acceptWaiting = defineJob({
  name: 'safety.accept-waiting',
  payload: z.object({ accountId: z.uuid() }),
  maxAttempts: 25,
})
