import { z } from 'zod'
import { defineJob } from '../../infra/jobs.ts'

/** Makes the coming months' partitions, and lets go of what is too old. */
export const keepViewPartitions = defineJob({
  name: 'views.partitions',
  payload: z.unknown(),
  maxAttempts: 25,
})

/** Compares numbers with what the sessions say, and mends what differs. */
export const recountViews = defineJob({
  name: 'views.recount',
  payload: z.unknown(),
  // It comes again by itself the next night.
  maxAttempts: 5,
})

/** Reads how far people watch. */
export const readRetention = defineJob({
  name: 'views.retention',
  payload: z.unknown(),
  // It comes again by itself within minutes.
  maxAttempts: 3,
})

/** The same of one video, at once: its length has changed. */
export const renewRetention = defineJob({
  name: 'views.retention-of',
  payload: z.object({ videoId: z.uuid() }),
  maxAttempts: 5,
})

/** Counts what nodes have kept that are gone. */
export const countViews = defineJob({
  name: 'views.count',
  payload: z.unknown(),
  // It comes again by itself within the minute.
  maxAttempts: 2,
})

/** Deletes the sessions of a video that is gone for good: no foreign key leads from them to it. */
export const forgetViews = defineJob({
  name: 'views.forget',
  payload: z.object({ videoId: z.uuid() }),
  maxAttempts: 20,
})
