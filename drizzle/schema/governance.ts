import { sql } from 'drizzle-orm'
import {
  check,
  index,
  jsonb,
  pgEnum,
  pgTable,
  primaryKey,
  text,
  uniqueIndex,
  uuid,
} from 'drizzle-orm/pg-core'
import { users } from './accounts.ts'
import { instant, linkedAt, primaryId } from './columns.ts'

export const sanctionKind = pgEnum('sanction_kind', ['suspended', 'banned'])

/**
 * What staff has decided against an account; at most one decision stands. One that is over counts no more, and one that is
 * lifted goes: `audit_log` has what was.
 */
export const accountSanctions = pgTable(
  'account_sanctions',
  {
    accountId: uuid('account_id')
      .primaryKey()
      .references(() => users.id, { onDelete: 'cascade' }),
    kind: sanctionKind('kind').notNull(),
    /** Told to whom it is about. */
    reason: text('reason').notNull(),
    /** Null: for ever. */
    until: instant('until'),
    /** Who decided; unknown once that account is gone. */
    imposedBy: uuid('imposed_by').references(() => users.id, { onDelete: 'set null' }),
    createdAt: linkedAt(),
  },
  (t) => [
    index('account_sanctions_imposed_by_idx').on(t.imposedBy),
    check('account_sanctions_not_oneself', sql`${t.accountId} <> ${t.imposedBy}`),
    check('account_sanctions_ban_is_for_ever', sql`${t.kind} <> 'banned' or ${t.until} is null`),
  ],
)

export const upgradeKind = pgEnum('upgrade_kind', ['creator', 'advertiser'])
export const upgradeState = pgEnum('upgrade_state', ['pending', 'granted', 'refused'])

/** What an account asked to become beside its role. */
export const accountUpgrades = pgTable(
  'account_upgrades',
  {
    accountId: uuid('account_id')
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    kind: upgradeKind('kind').notNull(),
    state: upgradeState('state').notNull(),
    /** What they said of themselves when they asked. */
    note: text('note').notNull().default(''),
    askedAt: instant('asked_at').notNull().default(sql`date_trunc('milliseconds', now())`),
    decidedAt: instant('decided_at'),
  },
  (t) => [
    primaryKey({ name: 'account_upgrades_pkey', columns: [t.accountId, t.kind] }),
    index('account_upgrades_pending_idx').on(t.askedAt, t.accountId).where(sql`${t.state} = 'pending'`),
    check('account_upgrades_decided', sql`(${t.state} = 'pending') = (${t.decidedAt} is null)`),
  ],
)

/** Personal API tokens. Only their hash is kept: SHA-256 of 256 random bits can't be turned around. */
export const apiTokens = pgTable(
  'api_tokens',
  {
    id: primaryId(),
    userId: uuid('user_id')
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    name: text('name').notNull(),
    hash: text('hash').notNull(),
    /** The last characters of the token, to tell several apart. */
    hint: text('hint').notNull(),
    scopes: text('scopes').array().notNull(),
    expiresAt: instant('expires_at').notNull(),
    lastUsedAt: instant('last_used_at'),
    createdAt: linkedAt(),
  },
  (t) => [
    uniqueIndex('api_tokens_hash_key').on(t.hash),
    index('api_tokens_user_id_idx').on(t.userId, t.createdAt, t.id),
    check('api_tokens_hash_form', sql`length(${t.hash}) = 64`),
    check('api_tokens_some_scope', sql`cardinality(${t.scopes}) > 0`),
  ],
)

/**
 * What was done by special rights, written in the transaction that did it. Append-only: triggers and grants (by hand in the
 * migration and in `migrate.ts`) refuse every change. No foreign keys: it outlives the accounts that it tells of.
 */
export const auditLog = pgTable(
  'audit_log',
  {
    id: primaryId(),
    at: instant('at').notNull().default(sql`date_trunc('milliseconds', now())`),
    /** Null: whoever runs the server, by a command. */
    actorId: uuid('actor_id'),
    action: text('action').notNull(),
    /** The account that it was done to. */
    subjectId: uuid('subject_id').notNull(),
    reason: text('reason').notNull().default(''),
    /** What changed, as it was and as it is; never secrets. */
    before: jsonb('before').notNull().default({}),
    after: jsonb('after').notNull().default({}),
    /** The network the request came from: an IPv4 /24 or an IPv6 /48. */
    network: text('network').notNull().default(''),
  },
  (t) => [
    index('audit_log_at_idx').on(t.at, t.id),
    index('audit_log_actor_idx').on(t.actorId, t.at, t.id),
    index('audit_log_subject_idx').on(t.subjectId, t.at, t.id),
    index('audit_log_action_idx').on(t.action, t.at, t.id),
  ],
)
