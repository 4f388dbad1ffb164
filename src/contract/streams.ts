import { z } from 'zod'
import { cleanLine } from '../core/text.ts'
import { MINUTE_MS } from '../core/time.ts'
import { Handle } from './accounts.ts'
import { contract } from './define.ts'
import { Picture } from './pictures.ts'
import { Person } from './social.ts'

export const BroadcastState = z
  .enum(['scheduled', 'starting', 'live', 'interrupted', 'ended'])
  .describe('scheduled → starting → live ⇄ interrupted → ended')

export const BroadcastVisibility = z
  .enum(['public', 'unlisted', 'followers'])
  .describe(
    '`public` is listed; `unlisted` is for whoever has the address; `followers` exists for the owner and their followers only: the whole live page is closed to others while it is on air.',
  )

export const Category = z.enum(['talk', 'music', 'gaming', 'art', 'learning', 'sport', 'travel', 'other'])

const Title = z.string().overwrite(cleanLine).min(1).max(120)

export const Broadcast = z
  .object({
    id: z.uuid(),
    streamId: z.uuid(),
    title: Title,
    category: Category,
    visibility: BroadcastVisibility,
    state: BroadcastState,
    scheduledFor: z.int().nullable(),
    startedAt: z
      .int()
      .nullable()
      .describe('When it first went live; milliseconds since the epoch, as all times here.'),
    interruptedAt: z.int().nullable().describe('Set while interrupted.'),
    graceEndsAt: z
      .int()
      .nullable()
      .describe('Until when an interrupted or starting broadcast waits for its picture.'),
    endedAt: z.int().nullable(),
    endReason: z
      .enum(['ended_by_owner', 'never_started', 'connection_lost', 'cancelled', 'ended_by_staff'])
      .nullable(),
    // Answers that were kept for a repeat may be older than this field.
    likes: z
      .int()
      .nonnegative()
      .default(0)
      .describe('As of this read; `counters:stream:{streamId}` has the newest.'),
  })
  .meta({ id: 'Broadcast' })

export const StreamCard = z
  .object({
    streamId: z.uuid(),
    handle: z.string(),
    displayName: z.string(),
    avatar: Picture.nullable(),
    title: z.string(),
    category: Category,
    state: BroadcastState,
    startedAt: z.int().nullable(),
    viewers: z.int().nonnegative(),
  })
  .meta({ id: 'StreamCard' })

const Stream = z
  .object({
    id: z.uuid(),
    owner: Person,
    broadcast: Broadcast.nullable().describe(
      'The one that is on air or about to be; else the last one that ended, if any.',
    ),
    upcoming: z.array(Broadcast).describe('Scheduled ones, soonest first; 20 at most.'),
    viewers: z.int().nonnegative(),
    isLiked: z.boolean().describe('Whether you like `broadcast`; false for anonymous visitors.'),
  })
  .meta({ id: 'Stream' })

const StreamEvent = z
  .discriminatedUnion('type', [
    z.object({ type: z.literal('broadcast'), broadcast: Broadcast }),
    z.object({
      type: z.literal('media'),
      generation: z.int().describe('Grows whenever what can be watched changed: attach again.'),
      kinds: z.array(z.enum(['audio', 'video'])).describe('What is being sent now.'),
    }),
    z.object({
      type: z
        .literal('changed')
        .describe('Something changed that not everybody here may see: read the live page anew.'),
    }),
  ])
  .meta({ id: 'StreamEvent' })

const DirectoryEvent = z
  .discriminatedUnion('type', [
    z.object({ type: z.literal('upsert'), stream: StreamCard }),
    z.object({ type: z.literal('remove'), streamId: z.uuid() }),
  ])
  .meta({ id: 'DirectoryEvent' })

const clientId = z.uuid().describe('Made by the client for this action; makes a repeat harmless.')
const details = { title: Title, category: Category, visibility: BroadcastVisibility }
const rare = { credits: 30, perMs: MINUTE_MS }

export const streams = contract({
  calls: {
    'broadcast:start': {
      summary:
        'Begin a broadcast on your stream: a new one, or one that was scheduled. It is `starting` until its picture arrives.',
      auth: 'user',
      scope: 'streams:write',
      limit: rare,
      errors: ['conflict', 'not_found'],
      input: z.object({ clientId, ...details, scheduledBroadcastId: z.uuid().optional() }),
      output: Broadcast,
    },
    'broadcast:schedule': {
      summary: 'Announce a broadcast for later.',
      auth: 'user',
      scope: 'streams:write',
      limit: rare,
      errors: ['conflict'],
      input: z.object({ clientId, ...details, scheduledFor: z.int().positive() }),
      output: Broadcast,
    },
    'broadcast:update': {
      summary: 'Change title, category or visibility of your broadcast.',
      auth: 'user',
      scope: 'streams:write',
      limit: rare,
      errors: ['not_found', 'conflict'],
      input: z.object({ broadcastId: z.uuid(), ...details }),
      output: Broadcast,
    },
    'broadcast:end': {
      summary: 'End your broadcast, or cancel a scheduled one. Ending it again changes nothing.',
      auth: 'user',
      scope: 'streams:write',
      limit: rare,
      errors: ['not_found'],
      input: z.object({ broadcastId: z.uuid() }),
      output: Broadcast,
    },
  },
  topics: {
    'stream:{streamId}': {
      summary:
        'Life of a stream: states of its broadcast and what can be watched. Joining it counts you as a viewer.',
      class: 'live',
      readScope: 'read',
      item: StreamEvent,
    },
    'counters:stream:{streamId}': {
      summary:
        'How many distinct people watch a stream now, and how many like its current or last broadcast.',
      class: 'latest',
      readScope: 'read',
      item: z.object({
        viewers: z.int().nonnegative(),
        likes: z
          .int()
          .nonnegative()
          .nullable()
          .describe('Null where the last broadcast was for followers only.'),
      }),
    },
    'directory:live': {
      summary: 'Who is live now: public streams that come, change and go.',
      class: 'live',
      readScope: 'read',
      item: DirectoryEvent,
    },
  },
  routes: {
    listLive: {
      method: 'get',
      path: '/api/streams/live',
      tag: 'streams',
      summary: 'Public streams on air, most watched first; 60 at most.',
      auth: 'any',
      scope: 'read',
      limit: { credits: 240, perMs: MINUTE_MS },
      errors: [],
      status: 200,
      response: z.object({ streams: z.array(StreamCard) }),
    },
    getStream: {
      method: 'get',
      path: '/api/streams/{handle}',
      tag: 'streams',
      summary:
        'The live page of an account. `not_found` also while a broadcast for followers is on air, or the account is private, and you are none; `forbidden` where the channel banned you, with `{ reason: "banned", untilMs }`, or where you have blocked its owner, with `{ reason: "blocked" }`.',
      auth: 'any',
      scope: 'read',
      limit: { credits: 240, perMs: MINUTE_MS },
      errors: ['not_found', 'forbidden'],
      params: z.object({ handle: Handle }),
      status: 200,
      response: z.object({ stream: Stream }),
    },
  },
})
