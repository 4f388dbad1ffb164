import { z } from 'zod'
import { MINUTE_MS } from '../core/time.ts'
import { contract } from './define.ts'

export const Playback = z
  .object({
    baseUrl: z
      .string()
      .describe(
        'What the addresses of all files of the video begin with; a player puts a newer one in place of it. A path here, or a whole address at a CDN, which takes the cookies that come with this answer.',
      ),
    hlsUrl: z.string().describe('Address of the HLS master playlist.'),
    dashUrl: z.string().describe('Address of the DASH manifest; the segments are the same.'),
    expiresAt: z
      .int()
      .nullable()
      .describe(
        'Until then the addresses work; ask again before. Null where everybody may watch, and they go on working.',
      ),
    expiresInMs: z
      .int()
      .nonnegative()
      .nullable()
      .describe('How far off that is, for players whose clock may be wrong.'),
  })
  .meta({ id: 'Playback' })

/** Playing videos. */
export const playback = contract({
  calls: {},
  topics: {},
  routes: {
    getPlayback: {
      method: 'get',
      path: '/api/videos/{videoId}/playback',
      tag: 'videos',
      summary:
        'Where the files of a video are, for you. `not_found` where you may not see it; `conflict` with `{ reason: "not_ready" }` while nothing of it can be played yet, and with `{ reason: "premiere", startsAt }` while it waits for its premiere; `forbidden` with `{ reason }` where a rule of the video shuts you out.',
      auth: 'any',
      scope: 'read',
      // A player asks once in some minutes, somebody who leafs through videos once for each.
      limit: { credits: 240, perMs: MINUTE_MS },
      errors: ['not_found', 'forbidden', 'conflict'],
      params: z.object({ videoId: z.uuid() }),
      status: 200,
      response: Playback,
    },
  },
})
