import { z } from 'zod'
import { defineJob } from '../../infra/jobs.ts'

const ofRun = z.object({ runId: z.uuid() })

/** Makes of an uploaded file what people watch. */
export const processVideo = defineJob({
  name: 'videos.process',
  payload: ofRun,
  // A file that is no video is refused at once; what is tried again is a storage or a machine that failed, for an hour.
  maxAttempts: 10,
})

/** Compares an uploaded file with the SHA-256 that its owner gave, and has it processed. */
export const verifyUpload = defineJob({
  name: 'videos.verify',
  payload: ofRun,
  maxAttempts: 10,
})

/** Deletes what there is of a run, or of a whole video, unless it is still wanted. */
export const removeVideoFiles = defineJob({
  name: 'videos.remove-files',
  payload: z.object({ videoId: z.uuid(), runId: z.uuid().nullable() }),
  // With growing pauses this goes on for three days, longer than a storage is away.
  maxAttempts: 20,
})

/** Deletes captions or a poster that a video does not have any more, or never got. */
export const removeOwnFiles = defineJob({
  name: 'videos.remove-own',
  payload: z.object({
    videoId: z.uuid(),
    name: z.string().regex(/^(?:captions\/[0-9a-f-]{36}\.vtt|posters\/[0-9a-f-]{36}\/)$/),
  }),
  // As above.
  maxAttempts: 20,
})

/** Finds uploads that came no further and videos whose deletion can't be undone any more. */
export const sweepVideos = defineJob({
  name: 'videos.sweep',
  payload: z.unknown(),
  // It comes again by itself within minutes.
  maxAttempts: 3,
})
