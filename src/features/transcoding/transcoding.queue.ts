import { z } from 'zod'
import { defineJob } from '../../infra/jobs.ts'

/** What takes seconds and lets people watch goes before the many that take minutes. */
const FIRST = -10
const LAST = 5

const ofRun = z.object({ runId: z.uuid() })

/**
 * Does one piece of work: whichever is next in turn, not a certain one, so that nobody's long video holds up the others. A
 * piece is a look at an uploaded file, some seconds of its picture, or a track of its sound.
 */
export const encodeNext = defineJob({ name: 'transcoding.encode', payload: z.object({}), maxAttempts: 25 })

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

/** Finds what waits without a job. */
export const sweepTranscoding = defineJob({
  name: 'transcoding.sweep',
  payload: z.unknown(),
  // It comes again by itself within minutes.
  maxAttempts: 3,
})
