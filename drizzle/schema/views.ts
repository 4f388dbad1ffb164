import { sql } from 'drizzle-orm'
import {
  bigint,
  boolean,
  check,
  customType,
  date,
  index,
  integer,
  pgEnum,
  pgTable,
  primaryKey,
  text,
  uuid,
} from 'drizzle-orm/pg-core'
import { users } from './accounts.ts'
import { instant, updatedAt } from './columns.ts'
import { videos } from './videos.ts'

/** Parts of a video in milliseconds from its beginning, as PostgreSQL writes them: `{[0,9000),[12000,15000)}`. */
const sections = customType<{ data: string }>({ dataType: () => 'int4multirange' })

export const viewDevice = pgEnum('view_device', ['desktop', 'phone', 'tablet', 'tv', 'other'])

/** Where somebody came from to a video. */
export const viewReferrer = pgEnum('view_referrer', [
  'direct',
  'home',
  'channel',
  'search',
  'related',
  'feed',
  'history',
  'embed',
  'elsewhere',
])

/**
 * Sessions of watching: one row for each player that was open on a video, however often it reported. Partitioned by month (by
 * hand in the migrations) of `session_id`, which is a UUIDv7 made by the player, so that the key of a session is the same
 * whenever it is written. No foreign keys, as for all event tables.
 */
export const videoViews = pgTable(
  'video_views',
  {
    videoId: uuid('video_id').notNull(),
    sessionId: uuid('session_id').notNull(),
    /** Tells viewers apart and says nothing of who they are: a keyed hash of the account, or of the visitor's network and browser. */
    viewerKey: uuid('viewer_key').notNull(),
    /** Null for visitors, for those who keep no history, and when the account is gone. */
    accountId: uuid('account_id'),
    /** False for what its owner watches: it has a place to go on from, and is in no number. */
    isCounted: boolean('is_counted').notNull(),
    /** The first report and the last one, by the server's clock. */
    startedAt: instant('started_at').notNull(),
    lastAt: instant('last_at').notNull(),
    /** What was watched, each moment once however often. */
    sections: sections('sections').notNull(),
    /** How long `sections` are together. */
    watchMs: integer('watch_ms').notNull(),
    /** What the last report added to that. */
    gainedMs: integer('gained_ms').notNull(),
    /** Where the player was when it reported last. */
    positionMs: integer('position_ms').notNull(),
    /** When it became a view; null while it is none. */
    countedAt: instant('counted_at'),
    device: viewDevice('device').notNull(),
    referrer: viewReferrer('referrer').notNull(),
    /** ISO 3166-1 alpha-2; null where no proxy tells it. */
    country: text('country'),
  },
  (t) => [
    primaryKey({ name: 'video_views_pkey', columns: [t.videoId, t.sessionId] }),
    // What somebody watched, for them to take along and to be parted from.
    index('video_views_account_idx').on(t.accountId, t.sessionId).where(sql`${t.accountId} is not null`),
  ],
)

/**
 * Reports of players that were acknowledged and are not counted yet: written as they come, those of some milliseconds in a row, and
 * counted together some times a second. Whoever counts them deletes them in the same statement.
 */
export const viewReports = pgTable('view_reports', {
  id: bigint('id', { mode: 'number' }).primaryKey().generatedAlwaysAsIdentity(),
  /** A list of them as JSON; nobody looks into it before it is counted, so it is neither parsed nor packed when it is written. */
  reports: text('reports').notNull(),
  reportsCount: integer('reports_count').notNull(),
})

/**
 * When somebody last was a view of a video: what makes two sessions at once one view. Unpartitioned, as it must be unique; kept
 * no longer than it decides anything, and without foreign keys as the sessions are.
 */
export const videoViewers = pgTable(
  'video_viewers',
  {
    videoId: uuid('video_id').notNull(),
    viewerKey: uuid('viewer_key').notNull(),
    countedAt: instant('counted_at').notNull(),
    /** Whether that view was their first of its day (UTC). */
    isFirstOfDay: boolean('is_first_of_day').notNull(),
  },
  (t) => [primaryKey({ name: 'video_viewers_pkey', columns: [t.videoId, t.viewerKey] })],
)

/** Numbers of a video by day (UTC), equal to what the sessions say; they stay when old sessions go. */
export const videoDays = pgTable(
  'video_days',
  {
    videoId: uuid('video_id')
      .notNull()
      .references(() => videos.id, { onDelete: 'cascade' }),
    day: date('day').notNull(),
    /** Sessions that became a view on that day. */
    views: bigint('views', { mode: 'number' }).notNull().default(0),
    /** What was watched in sessions that began on that day. */
    watchMs: bigint('watch_ms', { mode: 'number' }).notNull().default(0),
    /** Different viewers behind these views. */
    viewers: bigint('viewers', { mode: 'number' }).notNull().default(0),
    updatedAt: updatedAt(),
  },
  (t) => [
    primaryKey({ name: 'video_days_pkey', columns: [t.videoId, t.day] }),
    // What was watched lately. Nothing that changes with each batch has an index, so that its rows are changed in place.
    index('video_days_day_idx').on(t.day, t.videoId),
    check('video_days_not_negative', sql`${t.views} >= 0 and ${t.watchMs} >= 0 and ${t.viewers} >= 0`),
  ],
)

/** How far people watch: of so many sessions, how many watched each hundredth of the video. */
export const videoRetention = pgTable('video_retention', {
  videoId: uuid('video_id')
    .primaryKey()
    .references(() => videos.id, { onDelete: 'cascade' }),
  sessions: integer('sessions').notNull(),
  parts: integer('parts').array().notNull(),
  computedAt: instant('computed_at').notNull(),
})

/** What somebody watched, each video once with its last session, which knows how far they came. */
export const watchHistory = pgTable(
  'watch_history',
  {
    userId: uuid('user_id')
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    videoId: uuid('video_id')
      .notNull()
      .references(() => videos.id, { onDelete: 'cascade' }),
    sessionId: uuid('session_id').notNull(),
    /** When that session began, in whole milliseconds, as lists order by it. */
    watchedAt: instant('watched_at').notNull(),
  },
  (t) => [
    primaryKey({ name: 'watch_history_pkey', columns: [t.userId, t.videoId] }),
    index('watch_history_user_idx').on(t.userId, t.watchedAt, t.videoId),
    index('watch_history_video_id_idx').on(t.videoId),
  ],
)
