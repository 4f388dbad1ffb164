import { sql } from 'drizzle-orm'
import {
  type AnyPgColumn,
  bigint,
  boolean,
  check,
  index,
  integer,
  jsonb,
  pgEnum,
  pgTable,
  primaryKey,
  real,
  smallint,
  text,
  uniqueIndex,
  uuid,
} from 'drizzle-orm/pg-core'
import { users } from './accounts.ts'
import { deletedAt, instant, linkedAt, primaryId, updatedAt } from './columns.ts'

export const videoVisibility = pgEnum('video_visibility', [
  'public',
  'unlisted',
  'followers',
  'subscribers',
  'paid',
  'private',
])

/** What of a video there is to see. While a ready one gets another file, it stays `ready`. */
export const videoState = pgEnum('video_state', ['draft', 'uploading', 'processing', 'ready', 'failed'])

/** What people watch. What its files are is told by `run_id`; what they will be, by `next_run_id`. */
export const videos = pgTable(
  'videos',
  {
    id: primaryId(),
    ownerId: uuid('owner_id')
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    title: text('title').notNull(),
    description: text('description').notNull().default(''),
    tags: text('tags').array().notNull().default([]),
    category: text('category').notNull().default('other'),
    /** BCP 47, of what is spoken; null where its owner did not say. */
    language: text('language'),
    visibility: videoVisibility('visibility').notNull().default('private'),
    state: videoState('state').notNull(),
    /** When it came or will come out; null while it is private or was never ready. In whole milliseconds, as lists order by it. */
    publishedAt: instant('published_at'),
    /** When its owner wants it to come out; it stays here once it has. */
    scheduledFor: instant('scheduled_for'),
    /** It is shown to everybody at once when that time comes, and its page can be waited on before. */
    isPremiere: boolean('is_premiere').notNull().default(false),
    isAgeRestricted: boolean('is_age_restricted').notNull().default(false),
    /** ISO 3166-1 alpha-2, upper case. Empty: everywhere. */
    allowedCountries: text('allowed_countries').array().notNull().default([]),
    deniedCountries: text('denied_countries').array().notNull().default([]),
    areCommentsOn: boolean('are_comments_on').notNull().default(true),
    /** The run whose files are shown: `videos/{id}/{runId}/…`. Another file is another run, so that no file ever changes. */
    runId: uuid('run_id').references((): AnyPgColumn => videoRuns.id, { onDelete: 'set null' }),
    /** The newest run, as long as it is not shown. */
    nextRunId: uuid('next_run_id').references((): AnyPgColumn => videoRuns.id, { onDelete: 'set null' }),
    /** Of the run that is shown, as all of these; pixels as people see them, after rotation. */
    durationMs: integer('duration_ms'),
    width: integer('width'),
    height: integer('height'),
    fps: real('fps'),
    /** Where what is shown begins in its file, and how long all of that is; both null where all of it is shown. */
    cutStartMs: integer('cut_start_ms'),
    wholeMs: integer('whole_ms'),
    /** ThumbHash of the poster in base64. */
    thumbhash: text('thumbhash'),
    /** ThumbHashes in base64 of the pictures taken from the video, in its order. */
    posterHashes: text('poster_hashes').array().notNull().default([]),
    /** Which of them is its poster, from 0; null where it has another or none. */
    posterChoice: smallint('poster_choice'),
    /** A picture that its owner uploaded in place of these. */
    posterId: uuid('poster_id'),
    /** Sums of other tables, exact in the end. */
    viewsCount: bigint('views_count', { mode: 'number' }).notNull().default(0),
    likesCount: integer('likes_count').notNull().default(0),
    watchMs: bigint('watch_ms', { mode: 'number' }).notNull().default(0),
    /** No wider than high and at most a minute long: one of the vertical feed. */
    isShort: boolean('is_short')
      .notNull()
      .generatedAlwaysAs(sql`coalesce(duration_ms <= 60000 and height >= width, false)`),
    createdAt: linkedAt(),
    updatedAt: updatedAt(),
    /** Hidden from then on, and gone for good when it can't be undone any more. */
    deletedAt: deletedAt(),
  },
  (t) => [
    // What its owner manages.
    index('videos_owner_id_idx').on(t.ownerId, t.createdAt, t.id),
    // What was told of lately to its owner's pages.
    index('videos_owner_updated_idx').on(t.ownerId, t.updatedAt),
    // A channel.
    index('videos_channel_idx')
      .on(t.ownerId, t.publishedAt, t.id)
      .where(sql`${t.state} = 'ready' and ${t.deletedAt} is null`),
    // Home, and the feed of short ones.
    index('videos_public_idx')
      .on(t.publishedAt, t.id)
      .where(sql`${t.state} = 'ready' and ${t.visibility} = 'public' and ${t.deletedAt} is null`),
    index('videos_shorts_idx')
      .on(t.publishedAt, t.id)
      .where(
        sql`${t.isShort} and ${t.state} = 'ready' and ${t.visibility} = 'public' and ${t.deletedAt} is null`,
      ),
    // What is about to be shown.
    index('videos_premieres_idx')
      .on(t.publishedAt, t.id)
      .where(sql`${t.isPremiere} and ${t.state} = 'ready' and ${t.deletedAt} is null`),
    index('videos_run_id_idx').on(t.runId),
    index('videos_next_run_id_idx').on(t.nextRunId),
    // What is to be removed for good.
    index('videos_deleted_at_idx').on(t.deletedAt).where(sql`${t.deletedAt} is not null`),
    check('videos_title_length', sql`char_length(${t.title}) between 1 and 120`),
    check('videos_description_length', sql`char_length(${t.description}) <= 5000`),
    check('videos_tags_count', sql`cardinality(${t.tags}) <= 20`),
    check('videos_countries_one_way', sql`${t.allowedCountries} = '{}' or ${t.deniedCountries} = '{}'`),
    check(
      'videos_ready_has_run',
      sql`${t.state} <> 'ready' or (${t.durationMs} is not null and ${t.width} is not null and ${t.height} is not null)`,
    ),
    check(
      'videos_cut',
      sql`(${t.cutStartMs} is null) = (${t.wholeMs} is null) and ${t.cutStartMs} >= 0 and ${t.wholeMs} > ${t.cutStartMs}`,
    ),
    check('videos_counts', sql`${t.viewsCount} >= 0 and ${t.likesCount} >= 0 and ${t.watchMs} >= 0`),
  ],
)

export const videoRunState = pgEnum('video_run_state', ['uploading', 'processing', 'ready', 'failed'])

/** One file on its way to being watched, and what became of it. Its id is part of the name of everything made from it. */
export const videoRuns = pgTable(
  'video_runs',
  {
    id: primaryId(),
    videoId: uuid('video_id')
      .notNull()
      .references(() => videos.id, { onDelete: 'cascade' }),
    state: videoRunState('state').notNull(),
    /** What is being done while it is processed, in a word such as `encode`; empty before and after. */
    stage: text('stage').notNull().default(''),
    /** Of the upload or of the processing, whichever it is in. */
    percent: smallint('percent').notNull().default(0),
    /** Name of the file as its owner calls it. */
    fileName: text('file_name').notNull(),
    /** Where the uploaded file is. Runs that show other parts of it share it; it is in the folder of the first of them. */
    sourceKey: text('source_key').notNull(),
    sizeBytes: bigint('size_bytes', { mode: 'number' }).notNull(),
    /** What of the file its owner wants to be shown, as they said it; both null: all of it. */
    cutStartMs: integer('cut_start_ms'),
    cutEndMs: integer('cut_end_ms'),
    /** A word for programs and a sentence for people. */
    failureCode: text('failure_code'),
    failureMessage: text('failure_message'),
    /** How the file becomes renditions; every piece must be made by the same one. Null until it was looked at. */
    plan: jsonb('plan'),
    createdAt: linkedAt(),
    updatedAt: updatedAt(),
  },
  (t) => [
    index('video_runs_video_id_idx').on(t.videoId, t.createdAt),
    check('video_runs_percent', sql`${t.percent} between 0 and 100`),
    check(
      'video_runs_cut',
      sql`(${t.cutStartMs} is null) = (${t.cutEndMs} is null) and ${t.cutStartMs} >= 0 and ${t.cutEndMs} > ${t.cutStartMs}`,
    ),
    check('video_runs_size', sql`${t.sizeBytes} > 0`),
    check(
      'video_runs_failure',
      sql`(${t.state} = 'failed') = (${t.failureCode} is not null and ${t.failureMessage} is not null)`,
    ),
  ],
)

export const uploadState = pgEnum('upload_state', ['receiving', 'complete', 'expired'])

/** The upload (tus) of a run; its bytes are where the run's `source_key` says. */
export const videoUploads = pgTable(
  'video_uploads',
  {
    runId: uuid('run_id')
      .primaryKey()
      .references(() => videoRuns.id, { onDelete: 'cascade' }),
    ownerId: uuid('owner_id')
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    state: uploadState('state').notNull(),
    sizeBytes: bigint('size_bytes', { mode: 'number' }).notNull(),
    /** As of some moments ago: only the storage knows how much is really there. */
    offsetBytes: bigint('offset_bytes', { mode: 'number' }).notNull().default(0),
    /** What the whole file must have, where whoever sends it said so: 64 hexadecimal digits. */
    sha256: text('sha256'),
    /** Bytes must come before then; each that comes moves it. */
    expiresAt: instant('expires_at').notNull(),
    createdAt: linkedAt(),
    updatedAt: updatedAt(),
  },
  (t) => [
    // How many are under way of one account.
    index('video_uploads_owner_id_idx').on(t.ownerId, t.state),
    index('video_uploads_expires_at_idx').on(t.expiresAt).where(sql`${t.state} = 'receiving'`),
    check('video_uploads_offset', sql`${t.offsetBytes} between 0 and ${t.sizeBytes}`),
    check('video_uploads_sha256_form', sql`${t.sha256} ~ '^[0-9a-f]{64}$'`),
  ],
)

/** The qualities that a run has or is to have, by the name of their rung such as `720p`. */
export const videoRenditions = pgTable(
  'video_renditions',
  {
    runId: uuid('run_id')
      .notNull()
      .references(() => videoRuns.id, { onDelete: 'cascade' }),
    rung: text('rung').notNull(),
    width: integer('width').notNull(),
    height: integer('height').notNull(),
    fps: real('fps').notNull(),
    bitrateBps: integer('bitrate_bps').notNull(),
    /** RFC 6381, such as `avc1.64001f`; null until its first chunk is there. */
    codec: text('codec'),
    /** All its segments together; null until it is whole. */
    sizeBytes: bigint('size_bytes', { mode: 'number' }),
    /** Whole, and in the manifests. */
    readyAt: instant('ready_at'),
    createdAt: linkedAt(),
  },
  (t) => [
    primaryKey({ name: 'video_renditions_pkey', columns: [t.runId, t.rung] }),
    check('video_renditions_pixels', sql`${t.width} > 0 and ${t.height} > 0`),
    check('video_renditions_whole', sql`${t.readyAt} is null or ${t.sizeBytes} is not null`),
  ],
)

/** Sound of a run, in the order of the file. */
export const videoAudioTracks = pgTable(
  'video_audio_tracks',
  {
    runId: uuid('run_id')
      .notNull()
      .references(() => videoRuns.id, { onDelete: 'cascade' }),
    position: smallint('position').notNull(),
    /** BCP 47; null where the file does not say. */
    language: text('language'),
    label: text('label').notNull(),
    channels: smallint('channels').notNull(),
    bitrateBps: integer('bitrate_bps').notNull(),
    isDefault: boolean('is_default').notNull(),
    /** What playlists need to know of it; null until it is there. */
    record: jsonb('record'),
    createdAt: linkedAt(),
  },
  (t) => [
    primaryKey({ name: 'video_audio_tracks_pkey', columns: [t.runId, t.position] }),
    uniqueIndex('video_audio_tracks_default_key').on(t.runId).where(sql`${t.isDefault}`),
  ],
)

export const chunkState = pgEnum('chunk_state', ['waiting', 'done'])

/**
 * Pieces of a run between keyframes, each encoded by itself into all rungs of one set: what is done is not done again when a
 * process dies.
 */
export const videoChunks = pgTable(
  'video_chunks',
  {
    runId: uuid('run_id')
      .notNull()
      .references(() => videoRuns.id, { onDelete: 'cascade' }),
    /** Rungs that are encoded together, such as `360p` or `720p+1080p`. */
    rungSet: text('rung_set').notNull(),
    index: integer('index').notNull(),
    state: chunkState('state').notNull(),
    /** Sets of lower rank come first: a video is playable before all of it is made. */
    rank: smallint('rank').notNull(),
    /** What making it costs, compared with others. */
    weight: integer('weight').notNull(),
    /** Somebody is at it; moved on by whoever is, so that what a killed process was at is begun anew soon. */
    claimedUntil: instant('claimed_until'),
    failures: smallint('failures').notNull().default(0),
    /** What playlists need to know of it, for each rung; null until it is done. */
    records: jsonb('records'),
    createdAt: linkedAt(),
    updatedAt: updatedAt(),
  },
  (t) => [
    primaryKey({ name: 'video_chunks_pkey', columns: [t.runId, t.rungSet, t.index] }),
    // Whose turn it is.
    index('video_chunks_waiting_idx').on(t.runId, t.rank, t.index).where(sql`${t.state} = 'waiting'`),
    check('video_chunks_done', sql`(${t.state} = 'done') = (${t.records} is not null)`),
    check('video_chunks_index', sql`${t.index} >= 0 and ${t.weight} > 0`),
  ],
)

export const captionKind = pgEnum('caption_kind', ['subtitles', 'captions'])

/** Captions of a video (WebVTT); they stay when it gets another file. */
export const videoCaptions = pgTable(
  'video_captions',
  {
    id: primaryId(),
    videoId: uuid('video_id')
      .notNull()
      .references(() => videos.id, { onDelete: 'cascade' }),
    /** BCP 47. */
    language: text('language').notNull(),
    label: text('label').notNull(),
    kind: captionKind('kind').notNull(),
    key: text('key').notNull(),
    createdAt: linkedAt(),
    updatedAt: updatedAt(),
  },
  (t) => [uniqueIndex('video_captions_language_key').on(t.videoId, t.language, t.kind)],
)

/** Parts of a video by name, each until the next begins. */
export const videoChapters = pgTable(
  'video_chapters',
  {
    videoId: uuid('video_id')
      .notNull()
      .references(() => videos.id, { onDelete: 'cascade' }),
    startMs: integer('start_ms').notNull(),
    title: text('title').notNull(),
  },
  (t) => [
    primaryKey({ name: 'video_chapters_pkey', columns: [t.videoId, t.startMs] }),
    check('video_chapters_start', sql`${t.startMs} >= 0`),
    check('video_chapters_title_length', sql`char_length(${t.title}) between 1 and 100`),
  ],
)
