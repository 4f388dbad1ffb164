import { z } from 'zod'
import { MINUTE_MS } from '../core/time.ts'
import { contract } from './define.ts'
import { MediaStatus } from './media.ts'

const Position = z
  .object({ epoch: z.string().max(64), offset: z.int().nonnegative() })
  .meta({ id: 'Position' })

const topicName = z.string().min(1).max(120)

const JoinAnswer = z
  .union([
    z.object({
      topic: z.string(),
      class: z.enum(['durable', 'live', 'latest']),
      position: Position,
      recovered: z.boolean(),
      items: z.array(z.unknown()),
    }),
    z.object({
      topic: z.string(),
      error: z.looseObject({ code: z.string(), message: z.string(), retry: z.boolean() }),
    }),
  ])
  .meta({ id: 'JoinAnswer' })

/** Topics one call may name; a socket may be in `TOPICS_PER_SOCKET` at once. */
const TOPICS_PER_CALL = 100
export const TOPICS_PER_SOCKET = 200

export const system = contract({
  calls: {
    'topic:join': {
      summary:
        'Join topics. With `since`, what was missed comes with the answer, or `recovered: false` where it can not be had.',
      auth: 'any',
      scope: 'any',
      limit: { credits: 120, perMs: MINUTE_MS, perNode: true },
      errors: ['conflict'],
      input: z.object({
        topics: z
          .array(z.object({ topic: topicName, since: Position.optional() }))
          .min(1)
          .max(TOPICS_PER_CALL),
      }),
      output: z.object({ topics: z.array(JoinAnswer) }),
    },
    'topic:leave': {
      summary: 'Leave topics; leaving one that was not joined changes nothing.',
      auth: 'any',
      scope: 'any',
      limit: { credits: 240, perMs: MINUTE_MS, perNode: true },
      errors: [],
      input: z.object({ topics: z.array(topicName).min(1).max(TOPICS_PER_CALL) }),
      output: z.object({}),
    },
  },
  topics: {},
  routes: {
    getConfig: {
      method: 'get',
      path: '/api/config',
      tag: 'system',
      summary: 'What the web app must know of this server before its first socket.',
      auth: 'any',
      scope: 'any',
      limit: { credits: 240, perMs: MINUTE_MS },
      errors: [],
      status: 200,
      response: z.object({
        socketUrl: z
          .string()
          .nullable()
          .describe('Where sockets connect; null where only the port is known.'),
        socketPort: z
          .int()
          .nullable()
          .describe("Port on the page's own host; null where sockets share the page's origin."),
        hasInbox: z.boolean().describe('Whether the development inbox is shown to you.'),
        hasTexts: z.boolean().describe('Whether telephone numbers can be proved: texts are sent somewhere.'),
        media: MediaStatus,
        version: z.string(),
      }),
    },
  },
})
