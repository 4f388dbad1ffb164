import { z } from 'zod'
import { defineJob } from '../../infra/jobs.ts'

/** Tells one batch of followers, and leaves the next batch to the next job. */
export const liveFanOut = defineJob({
  name: 'notifications.live',
  payload: z.object({
    broadcastId: z.uuid(),
    /** Who followed by then is told. */
    untilMs: z.int(),
    /** The last follower of the batch before. */
    after: z.string().optional(),
  }),
  // With growing pauses this goes on for an hour; later nobody wants to know.
  maxAttempts: 8,
})
