import { z } from 'zod'
import { defineJob } from '../../infra/jobs.ts'

/** Finds lists whose deletion can't be undone any more. */
export const sweepPlaylists = defineJob({
  name: 'playlists.sweep',
  payload: z.unknown(),
  // It comes again by itself within the hour.
  maxAttempts: 3,
})
