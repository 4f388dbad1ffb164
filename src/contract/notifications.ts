import { z } from 'zod'
import { MINUTE_MS } from '../core/time.ts'
import { contract } from './define.ts'
import { Person } from './social.ts'
import { BroadcastState } from './streams.ts'

export const Notification = z
  .object({
    id: z.uuid(),
    seq: z.int().positive().describe('Place among the notifications of their reader, without holes.'),
    kind: z
      .enum(['follow', 'live', 'follow_request', 'follow_accepted'])
      .describe(
        '`follow`: somebody follows you. `live`: somebody went live. `follow_request`: somebody asks to follow you. `follow_accepted`: somebody whom you asked lets you follow them.',
      ),
    actor: Person.nullable().describe(
      'Who did it; null where the account is gone, or one of you has blocked or you have muted the other: show nothing.',
    ),
    broadcast: z
      .object({ id: z.uuid(), streamId: z.uuid(), title: z.string(), state: BroadcastState })
      .nullable()
      .describe('Of `live` alone, as it was when this was read; null where it may not be seen any more.'),
    createdAt: z.int().describe('Milliseconds since the epoch.'),
  })
  .meta({ id: 'Notification' })

const NotificationState = z
  .object({
    unread: z.int().nonnegative(),
    readUpTo: z.int().nonnegative().describe('Everything up to this seq has been read; 0 for nothing yet.'),
  })
  .meta({ id: 'NotificationState' })

export const notifications = contract({
  calls: {
    'notifications:read': {
      summary:
        'Everything up to a seq has been read. It never goes back, and all your devices are told by `notification-state:{userId}`.',
      auth: 'user',
      // How far one has read is part of reading: a suspended account may.
      scope: 'account:read',
      limit: { credits: 120, perMs: MINUTE_MS },
      errors: [],
      input: z.object({ upTo: z.int().positive() }),
      output: NotificationState,
    },
    'notifications:list': {
      summary: 'Older notifications, oldest first, ending before a seq.',
      auth: 'user',
      scope: 'account:read',
      limit: { credits: 60, perMs: MINUTE_MS },
      errors: [],
      input: z.object({
        beforeSeq: z.int().positive(),
        limit: z.int().min(1).max(100).default(30),
      }),
      output: z.object({ notifications: z.array(Notification), hasMore: z.boolean() }),
    },
  },
  topics: {
    'notifications:{userId}': {
      summary: 'What somebody was notified of; for that account alone.',
      class: 'durable',
      readScope: 'account:read',
      item: Notification,
      historyOnJoin: 30,
    },
    'notification-state:{userId}': {
      summary: 'How many notifications are unread; for that account alone.',
      class: 'latest',
      readScope: 'account:read',
      item: NotificationState,
    },
  },
  routes: {},
})
