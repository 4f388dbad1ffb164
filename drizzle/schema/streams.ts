import { sql } from 'drizzle-orm'
import { bigint, check, index, integer, pgEnum, pgTable, text, uniqueIndex, uuid } from 'drizzle-orm/pg-core'
import { users } from './accounts.ts'
import { createdAt, deletedAt, instant, primaryId, updatedAt } from './columns.ts'

/** A creator's live page; each account has one. */
export const streams = pgTable(
  'streams',
  {
    id: primaryId(),
    ownerId: uuid('owner_id')
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    /** Lines of the chat up to this seq are for the owner and followers: they were there when a broadcast was theirs alone. */
    chatHiddenUpTo: bigint('chat_hidden_up_to', { mode: 'number' }).notNull().default(0),
    createdAt: createdAt(),
    updatedAt: updatedAt(),
    deletedAt: deletedAt(),
  },
  (t) => [uniqueIndex('streams_owner_id_key').on(t.ownerId)],
)

export const broadcastState = pgEnum('broadcast_state', [
  'scheduled',
  'starting',
  'live',
  'interrupted',
  'ended',
])
export const broadcastVisibility = pgEnum('broadcast_visibility', ['public', 'unlisted', 'followers'])
export const broadcastEndReason = pgEnum('broadcast_end_reason', [
  'ended_by_owner',
  'never_started',
  'connection_lost',
  'cancelled',
  'ended_by_staff',
])

/** One time on air of a stream. */
export const broadcasts = pgTable(
  'broadcasts',
  {
    id: primaryId(),
    streamId: uuid('stream_id')
      .notNull()
      .references(() => streams.id, { onDelete: 'cascade' }),
    title: text('title').notNull(),
    category: text('category').notNull(),
    visibility: broadcastVisibility('visibility').notNull(),
    state: broadcastState('state').notNull(),
    scheduledFor: instant('scheduled_for'),
    startedAt: instant('started_at'),
    interruptedAt: instant('interrupted_at'),
    graceEndsAt: instant('grace_ends_at'),
    endedAt: instant('ended_at'),
    endReason: broadcastEndReason('end_reason'),
    /** Of `broadcast_likes`; changed in the same transaction, and proved by the job `social.recount`. */
    likesCount: integer('likes_count').notNull().default(0),
    createdAt: createdAt(),
    updatedAt: updatedAt(),
    deletedAt: deletedAt(),
  },
  (t) => [
    // At most one on air per stream, also when two devices press the button at once.
    uniqueIndex('broadcasts_on_air_key')
      .on(t.streamId)
      .where(sql`${t.state} in ('starting', 'live', 'interrupted')`),
    index('broadcasts_stream_id_idx').on(t.streamId, t.createdAt.desc()),
    index('broadcasts_scheduled_idx').on(t.streamId, t.scheduledFor).where(sql`${t.state} = 'scheduled'`),
    index('broadcasts_live_idx').on(t.startedAt.desc()).where(sql`${t.state} in ('live', 'interrupted')`),
    // What was for followers only stays theirs until its end was told.
    index('broadcasts_ended_idx').on(t.streamId, t.endedAt).where(sql`${t.endedAt} is not null`),
    index('broadcasts_grace_idx').on(t.graceEndsAt).where(sql`${t.graceEndsAt} is not null`),
    check('broadcasts_ended_has_reason', sql`(${t.state} = 'ended') = (${t.endReason} is not null)`),
    check('broadcasts_scheduled_has_time', sql`${t.state} <> 'scheduled' or ${t.scheduledFor} is not null`),
    check(
      'broadcasts_interrupted_has_time',
      sql`(${t.state} = 'interrupted') = (${t.interruptedAt} is not null)`,
    ),
  ],
)
