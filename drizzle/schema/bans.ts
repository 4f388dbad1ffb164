import { sql } from 'drizzle-orm'
import { check, index, pgTable, primaryKey, text, uuid } from 'drizzle-orm/pg-core'
import { users } from './accounts.ts'
import { instant, linkedAt } from './columns.ts'
import { streams } from './streams.ts'

/** Who may not take part in a channel, for ever or until a time; one that is over counts no more. */
export const channelBans = pgTable(
  'channel_bans',
  {
    streamId: uuid('stream_id')
      .notNull()
      .references(() => streams.id, { onDelete: 'cascade' }),
    accountId: uuid('account_id')
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    /** Who banned them; unknown once that account is gone. */
    bannedBy: uuid('banned_by').references(() => users.id, { onDelete: 'set null' }),
    reason: text('reason').notNull().default(''),
    /** Null: for ever. */
    until: instant('until'),
    createdAt: linkedAt(),
  },
  (t) => [
    primaryKey({ name: 'channel_bans_pkey', columns: [t.streamId, t.accountId] }),
    index('channel_bans_list_idx').on(t.streamId, t.createdAt, t.accountId),
    index('channel_bans_account_id_idx').on(t.accountId),
    index('channel_bans_banned_by_idx').on(t.bannedBy),
    check('channel_bans_not_oneself', sql`${t.accountId} <> ${t.bannedBy}`),
  ],
)
