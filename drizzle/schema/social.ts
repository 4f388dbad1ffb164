import { sql } from 'drizzle-orm'
import { check, index, pgTable, primaryKey, uuid } from 'drizzle-orm/pg-core'
import { users } from './accounts.ts'
import { linkedAt } from './columns.ts'
import { broadcasts } from './streams.ts'

const userId = (name: string) =>
  uuid(name)
    .notNull()
    .references(() => users.id, { onDelete: 'cascade' })

/** Who follows whom. */
export const follows = pgTable(
  'follows',
  {
    followerId: userId('follower_id'),
    followeeId: userId('followee_id'),
    createdAt: linkedAt(),
  },
  (t) => [
    primaryKey({ name: 'follows_pkey', columns: [t.followerId, t.followeeId] }),
    // The lists of both sides, and the fan-out to followers.
    index('follows_followee_idx').on(t.followeeId, t.createdAt, t.followerId),
    index('follows_follower_idx').on(t.followerId, t.createdAt, t.followeeId),
    check('follows_not_oneself', sql`${t.followerId} <> ${t.followeeId}`),
  ],
)

/** Who likes which broadcast. */
export const broadcastLikes = pgTable(
  'broadcast_likes',
  {
    broadcastId: uuid('broadcast_id')
      .notNull()
      .references(() => broadcasts.id, { onDelete: 'cascade' }),
    userId: userId('user_id'),
    createdAt: linkedAt(),
  },
  (t) => [
    primaryKey({ name: 'broadcast_likes_pkey', columns: [t.broadcastId, t.userId] }),
    index('broadcast_likes_user_id_idx').on(t.userId),
  ],
)
