import { z } from 'zod'
import { defineJob } from '../../infra/jobs.ts'

/** Steps that take seconds and let others begin go before the many that take minutes. */
const FIRST = -10
const SOON = -5
const LAST = 5

const ofRun = z.object({ runId: z.uuid() })

/** Looks at an uploaded file, and plans what is to be made of it. */
export const prepareRun = defineJob({
  name: 'transcoding.prepare',
  payload: ofRun,
  // What fails here is the storage or the machine; with growing pauses this is half an hour.
  maxAttempts: 8,
  priority: FIRST,
})

/** Encodes one piece of picture: whichever is next in turn, not a certain one, so that nobody's long video holds up the others. */
export const encodeNext = defineJob({ name: 'transcoding.encode', payload: z.object({}), maxAttempts: 25 })

/** One track of sound, in one piece. */
export const encodeSound = defineJob({
  name: 'transcoding.sound',
  payload: ofRun.extend({ track: z.int().nonnegative() }),
  maxAttempts: 8,
  priority: SOON,
})

/** The moving preview and the storyboard. */
export const makePictures = defineJob({
  name: 'transcoding.pictures',
  payload: ofRun,
  maxAttempts: 8,
  priority: LAST,
})

/** A track of text in the file. */
export const findCaptions = defineJob({
  name: 'transcoding.captions',
  payload: ofRun.extend({ track: z.int().nonnegative() }),
  maxAttempts: 8,
})

/** Writes the playlists over everything that is there. */
export const publishRun = defineJob({
  name: 'transcoding.publish',
  payload: ofRun,
  maxAttempts: 25,
  priority: FIRST,
})
