import { z } from 'zod'
import { MINUTE_MS } from '../core/time.ts'
import { contract } from './define.ts'
import { Cursor, NextCursor, Person } from './social.ts'
import { Broadcast } from './streams.ts'

export const FeedItem = z
  .object({
    id: z.uuid(),
    kind: z.enum(['broadcast_live', 'broadcast_scheduled']),
    actor: Person,
    broadcast: Broadcast.describe('As it is now: one that was live may have ended.'),
    createdAt: z.int().describe('Milliseconds since the epoch.'),
  })
  .meta({ id: 'FeedItem' })

export const feed = contract({
  calls: {},
  topics: {
    'feed:{userId}': {
      summary: 'What the people whom somebody follows do, as it happens; for that account alone.',
      class: 'live',
      readScope: 'account:read',
      item: FeedItem,
    },
  },
  routes: {
    getFeed: {
      method: 'get',
      path: '/api/feed',
      tag: 'social',
      summary:
        'What the people you follow did, the newest first; 30 a page at most. A page may be short, as what may not be seen any more is left out: go on as long as there is a `nextCursor`.',
      auth: 'user',
      scope: 'account:read',
      limit: { credits: 240, perMs: MINUTE_MS },
      errors: [],
      query: z.object({ cursor: Cursor.optional() }),
      status: 200,
      response: z.object({ items: z.array(FeedItem), nextCursor: NextCursor }),
    },
  },
})
