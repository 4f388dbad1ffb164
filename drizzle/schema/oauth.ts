import { sql } from 'drizzle-orm'
import { check, pgTable, primaryKey, text, uniqueIndex, uuid } from 'drizzle-orm/pg-core'
import { users } from './accounts.ts'
import { createdAt, instant } from './columns.ts'

/** Accounts at other sites that open accounts here. A person there is known by issuer and subject, never by an address. */
export const oauthAccounts = pgTable(
  'oauth_accounts',
  {
    issuer: text('issuer').notNull(),
    subject: text('subject').notNull(),
    userId: uuid('user_id')
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    /** Which of the configured ways it came by: google, github, oidc … */
    provider: text('provider').notNull(),
    /** What the person is called there, for lists. */
    name: text('name'),
    /** Only an address that the provider said it had verified. */
    email: text('email'),
    lastUsedAt: instant('last_used_at'),
    createdAt: createdAt(),
  },
  (t) => [
    primaryKey({ name: 'oauth_accounts_pkey', columns: [t.issuer, t.subject] }),
    uniqueIndex('oauth_accounts_user_id_provider_key').on(t.userId, t.provider),
    check('oauth_accounts_email_lower', sql`${t.email} = lower(${t.email})`),
  ],
)
