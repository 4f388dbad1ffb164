import { z } from 'zod'
import { MINUTE_MS } from '../core/time.ts'
import { contract } from './define.ts'
import { Cursor, NextCursor } from './social.ts'
import { VideoCard } from './videos.ts'

/** A player reports each ten seconds, and seeks cut what it reports into pieces; nobody seeks this often. */
export const WATCH_SECTIONS_MAX = 60
/** As many tiles as a page shows before one scrolls on. */
export const POSITIONS_MAX = 60

const Ms = z.int().nonnegative().max(2_147_483_647)

const Watching = z.object({
  sessionId: z
    .uuid({ version: 'v7' })
    .describe(
      'Made by the player when it begins; another one after twelve hours. Repeats and late reports of it change nothing.',
    ),
  sections: z
    .array(z.tuple([Ms, Ms]))
    .max(WATCH_SECTIONS_MAX)
    .describe(
      'What was played since the last report: [from, to) in milliseconds of the video. The first report, sent when playing begins, has none.',
    ),
  positionMs: Ms.describe('Where the player is now.'),
  device: z.enum(['desktop', 'phone', 'tablet', 'tv', 'other']),
  referrer: z
    .enum(['direct', 'home', 'channel', 'search', 'related', 'feed', 'history', 'embed', 'elsewhere'])
    .describe('Where they came from to the video.'),
})

const Accepted = z.object({
  isAccepted: z.boolean().describe('False: this session is too old. Begin another and go on with that.'),
})

const Progress = {
  positionMs: z.int().nonnegative().nullable().describe('Where to go on; null once they came to its end.'),
  isFinished: z.boolean().describe('They came to the last twentieth of it.'),
}

const HistoryEntry = z
  .object({
    video: VideoCard,
    watchedAt: z.int().describe('When they last began to watch it, in milliseconds since the epoch.'),
    ...Progress,
  })
  .meta({ id: 'HistoryEntry' })

const VideoAnalytics = z
  .object({
    views: z.int().nonnegative(),
    watchMs: z.int().nonnegative(),
    days: z
      .array(
        z.object({
          day: z.iso.date().describe('In UTC.'),
          views: z.int().nonnegative(),
          watchMs: z.int().nonnegative().describe('In sessions that began on that day.'),
          viewers: z.int().nonnegative().describe('Different ones behind the views.'),
        }),
      )
      .describe('The last 90 days on which anybody watched, the oldest first.'),
    retention: z
      .object({
        sessions: z.int().positive().describe('Of so many, the newest.'),
        shares: z.array(z.number().min(0).max(1)).length(100),
        computedAt: z.int(),
      })
      .nullable()
      .describe(
        'Of the sessions that watched anything, the share that watched each hundredth of the video; null until it was looked at, some minutes after the first.',
      ),
  })
  .meta({ id: 'VideoAnalytics' })

const ofVideo = z.object({ videoId: z.uuid() })
const done = z.object({})
const reading = { credits: 240, perMs: MINUTE_MS }
const own = { tag: 'history', auth: 'user', errors: [], status: 200 } as const
/** What one leaves behind can be removed by a suspended account too, and by no program. */
const forgetting = { ...own, scope: 'security', limit: { credits: 60, perMs: MINUTE_MS } } as const

/** Watching videos: what counts, and what one has watched. */
export const views = contract({
  calls: {
    'watch:report': {
      summary:
        'What was watched since the last report, each ten seconds and when somebody pauses, seeks or leaves; repeating it changes nothing. Answered when it is kept, and counted a moment later. What can not have been watched (beyond the end, faster than twice the time that went by), crawlers and API tokens count for nothing.',
      auth: 'any',
      scope: 'read',
      // Six players at once that report each ten seconds, and as much again for pauses and seeks.
      limit: { credits: 72, perMs: MINUTE_MS, isEventual: true },
      errors: ['not_found', 'forbidden'],
      input: Watching.extend({ videoId: z.uuid() }),
      output: Accepted,
    },
  },
  topics: {
    'counters:video:{videoId}': {
      summary: 'Views and likes of a video.',
      class: 'latest',
      readScope: 'read',
      item: z.object({ views: z.int().nonnegative(), likes: z.int().nonnegative() }),
    },
  },
  routes: {
    reportWatching: {
      method: 'post',
      path: '/api/videos/{videoId}/watching',
      tag: 'videos',
      summary:
        'As the call `watch:report`, for a page that closes: a browser sends this one also when nobody waits for the answer.',
      auth: 'any',
      scope: 'read',
      // Without an account by address, which many may share.
      limit: { credits: 240, perMs: MINUTE_MS },
      errors: ['not_found', 'forbidden'],
      params: ofVideo,
      body: Watching,
      status: 200,
      response: Accepted,
    },
    getVideoAnalytics: {
      method: 'get',
      path: '/api/videos/{videoId}/analytics',
      tag: 'videos',
      summary: 'How your video does. `not_found` where it is not yours.',
      auth: 'user',
      scope: 'account:read',
      limit: reading,
      errors: ['not_found'],
      params: ofVideo,
      status: 200,
      response: z.object({ analytics: VideoAnalytics }),
    },
    listHistory: {
      ...own,
      method: 'get',
      path: '/api/history',
      summary:
        'What you watched, the last first; 24 a page. What is not yours to see any more is left out, so that a page may be short.',
      scope: 'account:read',
      limit: reading,
      query: z.object({ cursor: Cursor.optional() }),
      response: z.object({ entries: z.array(HistoryEntry), nextCursor: NextCursor }),
    },
    listPositions: {
      ...own,
      method: 'get',
      path: '/api/history/positions',
      summary: 'How far you came in some videos; those that are not in your history are left out.',
      scope: 'account:read',
      limit: reading,
      query: z.object({
        videoIds: z
          .string()
          .regex(/^[0-9a-fA-F-]{36}(?:,[0-9a-fA-F-]{36})*$/)
          .max(37 * POSITIONS_MAX)
          .transform((text) => text.toLowerCase().split(','))
          .pipe(z.array(z.uuid()))
          .describe(`Ids with commas between them, ${POSITIONS_MAX} at most.`),
      }),
      response: z.object({
        positions: z.array(z.object({ videoId: z.uuid(), durationMs: z.int().positive(), ...Progress })),
      }),
    },
    removeFromHistory: {
      ...forgetting,
      method: 'delete',
      path: '/api/history/{videoId}',
      summary: 'Remove a video from your history, with where you stopped. Doing it again changes nothing.',
      params: ofVideo,
      response: done,
    },
    clearHistory: {
      ...forgetting,
      method: 'delete',
      path: '/api/history',
      summary: 'Remove everything from your history.',
      response: done,
    },
  },
})
