import { sql } from 'drizzle-orm'
import {
  bigint,
  boolean,
  check,
  index,
  pgTable,
  primaryKey,
  text,
  uniqueIndex,
  uuid,
} from 'drizzle-orm/pg-core'
import { users } from './accounts.ts'
import { createdAt, instant, primaryId, updatedAt } from './columns.ts'

/** The secret of an account's authenticator app; two-step verification is on while there is a row. */
export const totpSecrets = pgTable('totp_secrets', {
  userId: uuid('user_id')
    .primaryKey()
    .references(() => users.id, { onDelete: 'cascade' }),
  /** Sealed by src/infra/secrets/sealing.ts. */
  sealedSecret: text('sealed_secret').notNull(),
  /** Number of the newest time step whose code was redeemed (RFC 6238, 5.2): none up to it is accepted again. */
  lastStep: bigint('last_step', { mode: 'number' }).notNull(),
  createdAt: createdAt(),
  updatedAt: updatedAt(),
})

/** Backup codes that were not used yet, by their SHA-256; using one deletes its row. */
export const backupCodes = pgTable(
  'backup_codes',
  {
    userId: uuid('user_id')
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    codeHash: text('code_hash').notNull(),
    createdAt: createdAt(),
  },
  (t) => [
    primaryKey({ name: 'backup_codes_pkey', columns: [t.userId, t.codeHash] }),
    check('backup_codes_hash_form', sql`length(${t.codeHash}) = 64`),
  ],
)

/** Passkeys (WebAuthn credentials) of accounts. */
export const passkeys = pgTable(
  'passkeys',
  {
    id: primaryId(),
    userId: uuid('user_id')
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    name: text('name').notNull(),
    /** As the authenticator named it, in base64url. */
    credentialId: text('credential_id').notNull(),
    /** COSE key in base64url; it is public. */
    publicKey: text('public_key').notNull(),
    /** How often the authenticator says that it signed; 0 for those that do not count. */
    counter: bigint('counter', { mode: 'number' }).notNull(),
    transports: text('transports').array().notNull(),
    /** It is kept by a password manager and so on more than one device. */
    isSynced: boolean('is_synced').notNull(),
    lastUsedAt: instant('last_used_at'),
    createdAt: createdAt(),
  },
  (t) => [
    uniqueIndex('passkeys_credential_id_key').on(t.credentialId),
    index('passkeys_user_id_idx').on(t.userId),
  ],
)
