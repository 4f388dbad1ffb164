import { index, pgTable, text } from 'drizzle-orm/pg-core'
import { createdAt, primaryId } from './columns.ts'

/** Mails of a server without SMTP, for the development inbox; a job keeps the newest 200. */
export const inboxMails = pgTable(
  'inbox_mails',
  {
    id: primaryId(),
    recipient: text('recipient').notNull(),
    subject: text('subject').notNull(),
    text: text('text').notNull(),
    html: text('html').notNull(),
    createdAt: createdAt(),
  },
  (t) => [index('inbox_mails_created_at_idx').on(t.createdAt)],
)

/** Texts to telephones, of a server that has no SMS service; kept beside the mails. */
export const inboxTexts = pgTable(
  'inbox_texts',
  {
    id: primaryId(),
    recipient: text('recipient').notNull(),
    text: text('text').notNull(),
    createdAt: createdAt(),
  },
  (t) => [index('inbox_texts_created_at_idx').on(t.createdAt)],
)
