import { sql } from 'drizzle-orm'
import { bigint, check, index, pgEnum, pgTable, smallint, text, uniqueIndex, uuid } from 'drizzle-orm/pg-core'
import { users } from './accounts.ts'
import { createdAt, instant, primaryId, updatedAt } from './columns.ts'

export const exportState = pgEnum('export_state', ['waiting', 'running', 'ready', 'failed'])

/**
 * Archives of what an account has here. One of an account is made at a time; a new one takes the place of the former as soon
 * as it is ready.
 */
export const accountExports = pgTable(
  'account_exports',
  {
    id: primaryId(),
    userId: uuid('user_id')
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    state: exportState('state').notNull(),
    /** The file of the archive that is being written, such as `chat-lines.json`. */
    stage: text('stage').notNull().default(''),
    percent: smallint('percent').notNull().default(0),
    /** Of the archive; null until it is ready. */
    sizeBytes: bigint('size_bytes', { mode: 'number' }),
    /** From then on it can't be fetched any more, and is removed. */
    expiresAt: instant('expires_at'),
    createdAt: createdAt(),
    updatedAt: updatedAt(),
  },
  (t) => [
    // Also of two requests at once, one makes it.
    uniqueIndex('account_exports_unfinished_key').on(t.userId).where(sql`${t.state} <> 'ready'`),
    index('account_exports_user_id_idx').on(t.userId, t.createdAt),
    index('account_exports_expires_at_idx').on(t.expiresAt),
    check('account_exports_percent', sql`${t.percent} between 0 and 100`),
    check(
      'account_exports_ready',
      sql`(${t.state} = 'ready') = (${t.sizeBytes} is not null and ${t.expiresAt} is not null)`,
    ),
  ],
)

/** Accounts that their owners want to be gone. While nothing is erased, undoing it deletes the row. */
export const accountDeletions = pgTable(
  'account_deletions',
  {
    accountId: uuid('account_id')
      .primaryKey()
      .references(() => users.id, { onDelete: 'cascade' }),
    askedAt: instant('asked_at').notNull().default(sql`date_trunc('milliseconds', now())`),
    /** The end of the grace period. */
    eraseAt: instant('erase_at').notNull(),
    /** From then on there is no way back. */
    startedAt: instant('started_at'),
    erasedAt: instant('erased_at'),
  },
  (t) => [
    index('account_deletions_due_idx').on(t.eraseAt).where(sql`${t.erasedAt} is null`),
    check('account_deletions_started', sql`${t.erasedAt} is null or ${t.startedAt} is not null`),
  ],
)

/**
 * Handles of erased accounts, by their SHA-256, that nobody gets until then: links and mentions must not lead to somebody
 * else. Whoever asks for one is told that it is taken.
 */
export const reservedHandles = pgTable(
  'reserved_handles',
  {
    hash: text('hash').primaryKey(),
    until: instant('until').notNull(),
  },
  (t) => [
    index('reserved_handles_until_idx').on(t.until),
    check('reserved_handles_hash_form', sql`length(${t.hash}) = 64`),
  ],
)
