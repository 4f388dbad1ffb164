import { sql } from 'drizzle-orm'
import { check, index, integer, jsonb, pgEnum, pgTable, text, uuid } from 'drizzle-orm/pg-core'
import { users } from './accounts.ts'
import { createdAt, instant } from './columns.ts'

export const pendingKind = pgEnum('pending_kind', [
  'oauth',
  'oauth_sign_up',
  'second_factor',
  'totp_setup',
  'passkey_sign_in',
  'passkey_second_factor',
  'passkey_registration',
  'passkey_confirm',
])

/**
 * Beginnings that wait for their end for some minutes: a way to a provider and back, a sign-in that waits for its second
 * factor, a challenge of a passkey. `id` is the SHA-256 of a token; ending one deletes the row.
 */
export const pendingSteps = pgTable(
  'pending_steps',
  {
    id: text('id').primaryKey(),
    kind: pendingKind('kind').notNull(),
    /** Whose it is, where that is known at the beginning. */
    userId: uuid('user_id').references(() => users.id, { onDelete: 'cascade' }),
    /** SHA-256 of the key in the cookie of the browser that began; null where a program without cookies did. */
    browser: text('browser'),
    data: jsonb('data').notNull(),
    /** Wrong codes so far. */
    attempts: integer('attempts').notNull().default(0),
    expiresAt: instant('expires_at').notNull(),
    createdAt: createdAt(),
  },
  (t) => [
    index('pending_steps_user_id_idx').on(t.userId),
    index('pending_steps_expires_at_idx').on(t.expiresAt),
    check('pending_steps_hash_form', sql`length(${t.id}) = 64`),
  ],
)
