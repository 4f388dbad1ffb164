import { z } from 'zod'
import { cleanLine } from '../core/text.ts'
import { MINUTE_MS, SECOND_MS } from '../core/time.ts'
import { contract } from './define.ts'
import { Picture } from './pictures.ts'

/** As long as the field's chats allow (Twitch: 500). */
export const CHAT_TEXT_MAX = 500

export const ChatMessage = z
  .object({
    id: z.uuid(),
    streamId: z.uuid(),
    seq: z.int().positive().describe('Place in the chat of this stream, without holes.'),
    author: z.object({
      ...{ id: z.uuid(), handle: z.string(), displayName: z.string() },
      // Answers that were kept for a repeat may be older than this field.
      avatar: Picture.nullable().default(null),
      role: z
        .enum(['streamer', 'moderator', 'admin'])
        .optional()
        .describe('`streamer`: the channel is theirs; the others are staff of the whole site.'),
    }),
    text: z.string(),
    sentAt: z.int().describe('Milliseconds since the epoch.'),
    isHidden: z
      .literal(true)
      .optional()
      .describe(
        'Of somebody you have blocked or muted, or who blocks you: the line keeps its place and nothing else. Show nothing.',
      ),
  })
  .meta({ id: 'ChatMessage' })

export const chat = contract({
  calls: {
    'chat:send': {
      summary:
        'Say a line in the chat of a stream. Answered when it is committed; repeating it with the same clientId changes nothing. `forbidden` with `{ reason: "audience", audience }` where the channel lets only some write.',
      auth: 'user',
      scope: 'chat:write',
      limit: { credits: 20, perMs: 10 * SECOND_MS, isEventual: true },
      errors: ['conflict', 'not_found', 'forbidden'],
      input: z.object({
        clientId: z.uuid().describe('Made by the client for this line; makes a repeat harmless.'),
        streamId: z.uuid(),
        text: z.string().overwrite(cleanLine).min(1).max(CHAT_TEXT_MAX),
      }),
      output: ChatMessage,
    },
    'chat:history': {
      summary: 'Older lines of a chat, oldest first, ending before a seq.',
      auth: 'any',
      scope: 'read',
      limit: { credits: 60, perMs: MINUTE_MS },
      errors: ['not_found', 'forbidden'],
      input: z.object({
        streamId: z.uuid(),
        beforeSeq: z.int().positive(),
        limit: z.int().min(1).max(100).default(50),
      }),
      output: z.object({ messages: z.array(ChatMessage), hasMore: z.boolean() }),
    },
  },
  topics: {
    'chat:{streamId}': {
      summary:
        'The chat of a stream. What was said while a broadcast was for followers only stays theirs: others get what came later.',
      class: 'durable',
      readScope: 'read',
      item: ChatMessage,
      historyOnJoin: 50,
      // Lines of the streamer and of staff are never left out.
      isSkippable: (line: z.output<typeof ChatMessage>) => line.author.role === undefined,
    },
  },
  routes: {},
})
