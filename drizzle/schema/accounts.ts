import { sql } from 'drizzle-orm'
import {
  boolean,
  check,
  index,
  integer,
  jsonb,
  pgEnum,
  pgTable,
  primaryKey,
  smallint,
  text,
  uniqueIndex,
  uuid,
} from 'drizzle-orm/pg-core'
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
    // Erased accounts have another one; theirs stays in `reserved_handles` for a while.
    uniqueIndex('users_handle_key').on(t.handle),
    // Staff looks for beginnings; in the order of bytes, so that they are ranges whatever the collation is.
    index('users_handle_prefix_idx').on(t.handle.op('text_pattern_ops')),
    index('users_name_prefix_idx').on(sql`lower(${t.displayName}) text_pattern_ops`),
    // In whole milliseconds, as cursors are; without a time zone, as an index takes nothing that depends on settings.
    index('users_newest_idx')
      .on(sql`date_trunc('milliseconds', ${t.createdAt} at time zone 'UTC')`, t.id)
      .where(sql`${t.deletedAt} is null`),
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

/**
 * What an account signs in with: mail address, telephone number, password; at most one row per account. An address or
 * number that is not verified stands here only while the account itself waits for its first verification; later ones
 * wait in `one_time_tokens` and `phone_codes`.
 */
export const credentials = pgTable(
  'credentials',
  {
    userId: uuid('user_id')
      .primaryKey()
      .references(() => users.id, { onDelete: 'cascade' }),
    email: text('email'),
    /** argon2id in PHC form; null where only other ways lead in. */
    passwordHash: text('password_hash'),
    /** Goes up with every change of the password; a password that was right for an earlier one begins no session. */
    passwordVersion: integer('password_version').notNull().default(0),
    emailVerifiedAt: instant('email_verified_at'),
    /** E.164: `+` and up to 15 digits. */
    phone: text('phone'),
    phoneVerifiedAt: instant('phone_verified_at'),
    createdAt: createdAt(),
    updatedAt: updatedAt(),
  },
  (t) => [
    uniqueIndex('credentials_email_key').on(t.email),
    index('credentials_email_prefix_idx').on(t.email.op('text_pattern_ops')),
    uniqueIndex('credentials_phone_key').on(t.phone),
    check('credentials_email_lower', sql`${t.email} = lower(${t.email})`),
    check('credentials_contact', sql`${t.email} is not null or ${t.phone} is not null`),
  ],
)

export const confirmationMethod = pgEnum('confirmation_method', ['sign_in', 'password', 'passkey', 'totp'])

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
    /** False: ends with the browser, and after a day without use. */
    isLasting: boolean('is_lasting').notNull().default(true),
    /** As the browser named itself, shortened. */
    userAgent: text('user_agent'),
    /** The network of the last use, not the address: `203.0.113.0/24`, `2001:db8:1::/48`. */
    network: text('network'),
    /** To within some minutes. */
    lastUsedAt: instant('last_used_at').notNull().default(sql`now()`),
    /** When its holder last proved to be the account's owner. */
    confirmedAt: instant('confirmed_at'),
    confirmedBy: confirmationMethod('confirmed_by'),
    createdAt: createdAt(),
  },
  (t) => [
    uniqueIndex('login_sessions_public_id_key').on(t.publicId),
    index('login_sessions_user_id_idx').on(t.userId, t.lastUsedAt),
    index('login_sessions_expires_at_idx').on(t.expiresAt),
  ],
)

/** Browsers that have signed in to an account before; `id` is the SHA-256 of the secret in their cookie. */
export const knownDevices = pgTable(
  'known_devices',
  {
    id: text('id').notNull(),
    userId: uuid('user_id')
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    lastUsedAt: instant('last_used_at').notNull().default(sql`now()`),
    createdAt: createdAt(),
  },
  (t) => [
    primaryKey({ name: 'known_devices_pkey', columns: [t.id, t.userId] }),
    index('known_devices_user_id_idx').on(t.userId),
    index('known_devices_last_used_at_idx').on(t.lastUsedAt),
  ],
)

/** The code that proves a telephone number: the newest one of an account. `phone` is the number it was sent to. */
export const phoneCodes = pgTable(
  'phone_codes',
  {
    userId: uuid('user_id')
      .primaryKey()
      .references(() => users.id, { onDelete: 'cascade' }),
    phone: text('phone').notNull(),
    /** argon2id in PHC form: six digits have no other protection. */
    codeHash: text('code_hash').notNull(),
    triesCount: smallint('tries_count').notNull().default(0),
    expiresAt: instant('expires_at').notNull(),
    createdAt: createdAt(),
  },
  (t) => [index('phone_codes_expires_at_idx').on(t.expiresAt)],
)

export const oneTimeTokenKind = pgEnum('one_time_token_kind', [
  'verify_email',
  'login_link',
  'reset_password',
  'change_email',
  'undo_email',
])

/** Single-use tokens of mails and links; `id` is the SHA-256 of the token. Redeeming deletes the row. */
export const oneTimeTokens = pgTable(
  'one_time_tokens',
  {
    id: text('id').primaryKey(),
    kind: oneTimeTokenKind('kind').notNull(),
    userId: uuid('user_id')
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    /** The mail address it is about, where that is not the account's present one. */
    email: text('email'),
    expiresAt: instant('expires_at').notNull(),
    createdAt: createdAt(),
  },
  (t) => [
    index('one_time_tokens_user_id_idx').on(t.userId),
    index('one_time_tokens_expires_at_idx').on(t.expiresAt),
  ],
)
