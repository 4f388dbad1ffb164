import { sql } from 'drizzle-orm'
import { boolean, check, index, pgEnum, pgTable, primaryKey, uuid } from 'drizzle-orm/pg-core'
import { users } from './accounts.ts'
import { createdAt, linkedAt, updatedAt } from './columns.ts'

const userId = (name: string) =>
  uuid(name)
    .notNull()
    .references(() => users.id, { onDelete: 'cascade' })

/** Who wants nothing to do with whom; it works both ways. */
export const blocks = pgTable(
  'blocks',
  {
    blockerId: userId('blocker_id'),
    blockedId: userId('blocked_id'),
    createdAt: linkedAt(),
  },
  (t) => [
    primaryKey({ name: 'blocks_pkey', columns: [t.blockerId, t.blockedId] }),
    // The other direction, which every read asks for as well.
    index('blocks_blocked_idx').on(t.blockedId, t.blockerId),
    index('blocks_list_idx').on(t.blockerId, t.createdAt, t.blockedId),
    check('blocks_not_oneself', sql`${t.blockerId} <> ${t.blockedId}`),
  ],
)

/** Whom somebody wants to hear nothing of; nobody but them can tell. */
export const mutes = pgTable(
  'mutes',
  {
    muterId: userId('muter_id'),
    mutedId: userId('muted_id'),
    createdAt: linkedAt(),
  },
  (t) => [
    primaryKey({ name: 'mutes_pkey', columns: [t.muterId, t.mutedId] }),
    index('mutes_muted_idx').on(t.mutedId),
    index('mutes_list_idx').on(t.muterId, t.createdAt, t.mutedId),
    check('mutes_not_oneself', sql`${t.muterId} <> ${t.mutedId}`),
  ],
)

/** Who may do something that reaches an account; it may always itself. */
export const audience = pgEnum('audience', ['everyone', 'followers', 'nobody'])

/** What an account shows to whom; without a row, everything to everyone. */
export const accountPrivacy = pgTable('account_privacy', {
  userId: uuid('user_id')
    .primaryKey()
    .references(() => users.id, { onDelete: 'cascade' }),
  /** Beyond its card, the account is for the followers whom it accepted. */
  isPrivate: boolean('is_private').notNull().default(false),
  /** Who may write in its chat and comment. */
  comments: audience('comments').notNull().default('everyone'),
  mentions: audience('mentions').notNull().default('everyone'),
  messages: audience('messages').notNull().default('everyone'),
  createdAt: createdAt(),
  updatedAt: updatedAt(),
})

/** Who asks to follow a private account and waits for its answer. */
export const followRequests = pgTable(
  'follow_requests',
  {
    requesterId: userId('requester_id'),
    targetId: userId('target_id'),
    createdAt: linkedAt(),
  },
  (t) => [
    primaryKey({ name: 'follow_requests_pkey', columns: [t.requesterId, t.targetId] }),
    index('follow_requests_list_idx').on(t.targetId, t.createdAt, t.requesterId),
    check('follow_requests_not_oneself', sql`${t.requesterId} <> ${t.targetId}`),
  ],
)
