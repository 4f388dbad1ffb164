import { sql } from 'drizzle-orm'
import { bigint, check, index, jsonb, pgTable, primaryKey, text, uuid } from 'drizzle-orm/pg-core'
import { createdAt, instant } from './columns.ts'

/**
 * Head of every `durable` topic. Taking numbers locks the row until the transaction ends, so commits of one topic
 * happen in the order of their numbers and a reader never sees a hole.
 */
export const topicHeads = pgTable('topic_heads', {
  topic: text('topic').primaryKey(),
  seq: bigint('seq', { mode: 'number' }).notNull(),
  /** Names the topic's life; changes never. */
  epoch: text('epoch').notNull(),
  createdAt: createdAt(),
})

/** Answers of calls that created something, so that a repeat gets the same answer. Unpartitioned: it must be unique. */
export const idempotencyKeys = pgTable(
  'idempotency_keys',
  {
    accountId: uuid('account_id').notNull(),
    call: text('call').notNull(),
    clientId: uuid('client_id').notNull(),
    /** SHA-256 of the input without its clientId: the same id with other input is a conflict. */
    inputHash: text('input_hash').notNull(),
    answer: jsonb('answer').notNull(),
    expiresAt: instant('expires_at').notNull(),
  },
  (t) => [
    primaryKey({ name: 'idempotency_keys_pkey', columns: [t.accountId, t.call, t.clientId] }),
    index('idempotency_keys_expires_at_idx').on(t.expiresAt),
    check('idempotency_keys_hash_form', sql`length(${t.inputHash}) = 64`),
  ],
)
