import { bigint, index, pgTable, primaryKey, text, uuid } from 'drizzle-orm/pg-core'
import { instant } from './columns.ts'

/**
 * Lines of live chat. Append-only and partitioned by month of `sent_at` (by hand in the migrations: Drizzle knows no
 * partitions), which is why `sent_at` is part of the key; that `(stream_id, seq)` is unique follows from `topic_heads`.
 * No foreign keys, as for all event tables.
 */
export const chatMessages = pgTable(
  'chat_messages',
  {
    streamId: uuid('stream_id').notNull(),
    seq: bigint('seq', { mode: 'number' }).notNull(),
    sentAt: instant('sent_at').notNull(),
    id: uuid('id').notNull(),
    authorId: uuid('author_id').notNull(),
    text: text('text').notNull(),
  },
  (t) => [
    primaryKey({ name: 'chat_messages_pkey', columns: [t.streamId, t.seq, t.sentAt] }),
    // What somebody wrote, for them to take along and to have erased.
    index('chat_messages_author_idx').on(t.authorId, t.sentAt, t.id),
  ],
)
