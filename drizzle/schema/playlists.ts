import { sql } from 'drizzle-orm'
import {
  check,
  index,
  integer,
  pgEnum,
  pgTable,
  primaryKey,
  text,
  uniqueIndex,
  uuid,
} from 'drizzle-orm/pg-core'
import { users } from './accounts.ts'
import { deletedAt, linkedAt, primaryId, updatedAt } from './columns.ts'
import { videos } from './videos.ts'

export const playlistKind = pgEnum('playlist_kind', ['own', 'watch_later'])

export const playlistVisibility = pgEnum('playlist_visibility', ['public', 'unlisted', 'private'])

/** Videos in an order of somebody's own; one of them, made when it is first needed, is what they want to watch later. */
export const playlists = pgTable(
  'playlists',
  {
    id: primaryId(),
    ownerId: uuid('owner_id')
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    kind: playlistKind('kind').notNull().default('own'),
    /** Empty for what is to be watched later: pages name it in the language of whoever looks. */
    title: text('title').notNull(),
    description: text('description').notNull().default(''),
    visibility: playlistVisibility('visibility').notNull().default('private'),
    createdAt: linkedAt(),
    updatedAt: updatedAt(),
    /** Hidden from then on, and gone for good when it can't be undone any more. */
    deletedAt: deletedAt(),
  },
  (t) => [
    uniqueIndex('playlists_watch_later_key').on(t.ownerId).where(sql`${t.kind} = 'watch_later'`),
    // What somebody has, and what their channel lists.
    index('playlists_owner_id_idx').on(t.ownerId, t.createdAt, t.id),
    // What is to be removed for good.
    index('playlists_deleted_at_idx').on(t.deletedAt).where(sql`${t.deletedAt} is not null`),
    check(
      'playlists_title_length',
      sql`char_length(${t.title}) <= 100 and (${t.kind} <> 'own' or ${t.title} <> '')`,
    ),
    check('playlists_description_length', sql`char_length(${t.description}) <= 1000`),
    check(
      'playlists_watch_later_is_private',
      sql`${t.kind} = 'own' or (${t.visibility} = 'private' and ${t.deletedAt} is null)`,
    ),
  ],
)

/** Each video is once in a list, and 500 are at most; who may see which is judged when the list is read. */
export const playlistItems = pgTable(
  'playlist_items',
  {
    playlistId: uuid('playlist_id')
      .notNull()
      .references(() => playlists.id, { onDelete: 'cascade' }),
    videoId: uuid('video_id')
      .notNull()
      .references(() => videos.id, { onDelete: 'cascade' }),
    /** From 1, with gaps where something was removed. */
    position: integer('position').notNull(),
    createdAt: linkedAt(),
  },
  (t) => [
    primaryKey({ name: 'playlist_items_pkey', columns: [t.playlistId, t.videoId] }),
    index('playlist_items_position_idx').on(t.playlistId, t.position),
    index('playlist_items_video_id_idx').on(t.videoId),
    check('playlist_items_position', sql`${t.position} > 0`),
  ],
)
