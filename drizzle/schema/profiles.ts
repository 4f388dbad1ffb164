import { sql } from 'drizzle-orm'
import { boolean, check, jsonb, pgEnum, pgTable, text, uuid } from 'drizzle-orm/pg-core'
import { type StoredPicture, users } from './accounts.ts'
import { createdAt, updatedAt } from './columns.ts'

const userId = () =>
  uuid('user_id')
    .primaryKey()
    .references(() => users.id, { onDelete: 'cascade' })

/** What the channel page of an account tells beyond its name; without a row, nothing. */
export const profiles = pgTable(
  'profiles',
  {
    userId: userId(),
    bio: text('bio').notNull().default(''),
    location: text('location').notNull().default(''),
    /** https addresses, in the order that their owner gave them. */
    links: jsonb('links').$type<string[]>().notNull().default([]),
    cover: jsonb('cover').$type<StoredPicture>(),
    createdAt: createdAt(),
    updatedAt: updatedAt(),
  },
  (t) => [
    check('profiles_bio_length', sql`char_length(${t.bio}) <= 500`),
    check('profiles_links_count', sql`jsonb_array_length(${t.links}) <= 5`),
  ],
)

export const sensitiveContent = pgEnum('sensitive_content', ['hide', 'blur', 'show'])

/** How somebody wants the platform; without a row, as the defaults say. */
export const preferences = pgTable('preferences', {
  userId: userId(),
  /** BCP 47; null for the language of the browser. */
  language: text('language'),
  autoplay: boolean('autoplay').notNull().default(true),
  sensitiveContent: sensitiveContent('sensitive_content').notNull().default('blur'),
  /** Kinds of notifications that its owner does not want. */
  mutedNotifications: text('muted_notifications').array().notNull().default([]),
  /** Whether what they watch is kept in their history. */
  keepsHistory: boolean('keeps_history').notNull().default(true),
  createdAt: createdAt(),
  updatedAt: updatedAt(),
})
