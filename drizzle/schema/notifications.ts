import { sql } from 'drizzle-orm'
import { bigint, check, index, pgEnum, pgTable, primaryKey, uuid } from 'drizzle-orm/pg-core'
import { users } from './accounts.ts'
import { createdAt, instant, updatedAt } from './columns.ts'

export const notificationKind = pgEnum('notification_kind', [
  'follow',
  'live',
  'follow_request',
  'follow_accepted',
])

/**
 * What people were notified of. Append-only and partitioned by month like `chat_messages`, without foreign keys; that
 * `(user_id, seq)` is unique follows from `topic_heads`.
 */
export const notifications = pgTable(
  'notifications',
  {
    userId: uuid('user_id').notNull(),
    seq: bigint('seq', { mode: 'number' }).notNull(),
    createdAt: createdAt(),
    id: uuid('id').notNull(),
    kind: notificationKind('kind').notNull(),
    actorId: uuid('actor_id').notNull(),
    /** What it is about: for `live` the broadcast, else the actor. */
    subjectId: uuid('subject_id').notNull(),
  },
  (t) => [primaryKey({ name: 'notifications_pkey', columns: [t.userId, t.seq, t.createdAt] })],
)

/** Who was notified of what, so that nobody is told twice; unpartitioned, as it must be unique. */
export const notificationKeys = pgTable(
  'notification_keys',
  {
    userId: uuid('user_id').notNull(),
    kind: notificationKind('kind').notNull(),
    subjectId: uuid('subject_id').notNull(),
    /** From then on the same may be told again. */
    expiresAt: instant('expires_at').notNull(),
  },
  (t) => [
    primaryKey({ name: 'notification_keys_pkey', columns: [t.userId, t.kind, t.subjectId] }),
    index('notification_keys_expires_at_idx').on(t.expiresAt),
  ],
)

/** How far somebody has read; without a row, nothing yet. */
export const notificationStates = pgTable(
  'notification_states',
  {
    userId: uuid('user_id')
      .primaryKey()
      .references(() => users.id, { onDelete: 'cascade' }),
    readUpTo: bigint('read_up_to', { mode: 'number' }).notNull(),
    createdAt: createdAt(),
    updatedAt: updatedAt(),
  },
  (t) => [check('notification_states_not_negative', sql`${t.readUpTo} >= 0`)],
)
