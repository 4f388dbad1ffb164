import { sql } from 'drizzle-orm'
import { check, index, integer, jsonb, pgEnum, pgTable, text, uniqueIndex, uuid } from 'drizzle-orm/pg-core'
import { createdAt, deletedAt, instant, primaryId, updatedAt } from './columns.ts'

export const userRole = pgEnum('user_role', ['member', 'moderator', 'admin'])

/** A picture as people are shown it: `id` names its files, `thumbhash` (base64) is what stands there until they come. */
export type StoredPicture = { id: string; thumbhash: string }

export const users = pgTable(
  'users',
  {
    id: primaryId(),
    handle: text('handle').notNull(),
    displayName: text('display_name').notNull(),
    role: userRole('role').notNull().default('member'),
    /** Here rather than in `profiles`, as it is shown wherever the name is. */
    avatar: jsonb('avatar').$type<StoredPicture>(),
    /** Set by admins: the account is who it says it is. */
    verifiedAt: instant('verified_at'),
    /** Of `follows`; changed in the same transaction, and proved by the job `social.recount`. */
    followersCount: integer('followers_count').notNull().default(0),
    followingCount: integer('following_count').notNull().default(0),
    createdAt: createdAt(),
    updatedAt: updatedAt(),
    deletedAt: deletedAt(),
  },
  (t) => [
    // Also of deleted accounts: a handle is never handed to somebody else.
    uniqueIndex('users_handle_key').on(t.handle),
    check('users_handle_form', sql`${t.handle} ~ '^[a-z0-9][a-z0-9_]{1,22}[a-z0-9]$'`),
  ],
)

/** Somebody as others see them wherever a name stands; in the contract: `Person`. */
export type PersonRow = { id: string; handle: string; displayName: string; avatar: StoredPicture | null }

/** The columns that every read of people selects, so that nobody's picture needs a read of its own. */
export const personColumns = {
  id: users.id,
  handle: users.handle,
  displayName: users.displayName,
  avatar: users.avatar,
}

/** Mail address and password of an account; at most one row per account. */
export const credentials = pgTable(
  'credentials',
  {
    userId: uuid('user_id')
      .primaryKey()
      .references(() => users.id, { onDelete: 'cascade' }),
    email: text('email').notNull(),
    /** argon2id in PHC form. */
    passwordHash: text('password_hash').notNull(),
    emailVerifiedAt: instant('email_verified_at'),
    createdAt: createdAt(),
    updatedAt: updatedAt(),
  },
  (t) => [
    uniqueIndex('credentials_email_key').on(t.email),
    check('credentials_email_lower', sql`${t.email} = lower(${t.email})`),
  ],
)

/** Login sessions. `id` is the SHA-256 of the secret id that only the browser has; `public_id` is what lists show. */
export const loginSessions = pgTable(
  'login_sessions',
  {
    id: text('id').primaryKey(),
    publicId: uuid('public_id').notNull(),
    userId: uuid('user_id')
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    expiresAt: instant('expires_at').notNull(),
    createdAt: createdAt(),
  },
  (t) => [
    uniqueIndex('login_sessions_public_id_key').on(t.publicId),
    index('login_sessions_user_id_idx').on(t.userId),
    index('login_sessions_expires_at_idx').on(t.expiresAt),
  ],
)

export const oneTimeTokenKind = pgEnum('one_time_token_kind', ['verify_email', 'login_link'])

/** Single-use tokens of mails and links; `id` is the SHA-256 of the token. Redeeming deletes the row. */
export const oneTimeTokens = pgTable(
  'one_time_tokens',
  {
    id: text('id').primaryKey(),
    kind: oneTimeTokenKind('kind').notNull(),
    userId: uuid('user_id')
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    expiresAt: instant('expires_at').notNull(),
    createdAt: createdAt(),
  },
  (t) => [
    index('one_time_tokens_user_id_idx').on(t.userId),
    index('one_time_tokens_expires_at_idx').on(t.expiresAt),
  ],
)
