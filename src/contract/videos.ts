import { z } from 'zod'
import { cleanLine, cleanText } from '../core/text.ts'
import { MINUTE_MS } from '../core/time.ts'
import { Handle } from './accounts.ts'
import { contract } from './define.ts'
import { PICTURE_TYPES } from './pictures.ts'
import { Cursor, NextCursor, Person } from './social.ts'
import { Category } from './streams.ts'

export const VIDEO_TITLE_MAX = 120
export const VIDEO_DESCRIPTION_MAX = 5000
export const VIDEO_TAGS_MAX = 20

export const VideoVisibility = z
  .enum(['public', 'unlisted', 'followers', 'subscribers', 'paid', 'private'])
  .describe(
    '`public` is listed; `unlisted` is for whoever has the address; `followers` exists for them and the owner only; `subscribers` and `paid` are known to whoever has the address, and played by who has subscribed to the owner or bought the video; `private` is for the owner alone.',
  )

export const VideoState = z
  .enum(['draft', 'uploading', 'processing', 'ready', 'failed'])
  .describe(
    'draft → uploading → processing → ready. `draft`: its upload was given up. A `ready` one stays so while it gets another file; `run` tells of that.',
  )

/** Of videos that are listed, and of uploads before their first details. */
export const VideoTitle = z.string().overwrite(cleanLine).min(1).max(VIDEO_TITLE_MAX)

const Tag = z.string().overwrite(cleanLine).toLowerCase().min(1).max(40)
/** The form that a tag is compared in, such as `pt-BR` for `pt-br`; undefined for what is none (BCP 47). */
function canonicalTag(tag: string): string | undefined {
  try {
    return Intl.getCanonicalLocales(tag)[0]
  } catch {
    return undefined
  }
}

const LANGUAGE_RULE = 'Use a language tag such as en or pt-BR.'

export const Language = z
  .string()
  .regex(/^[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8}){0,3}$/, LANGUAGE_RULE)
  .refine((tag) => canonicalTag(tag) !== undefined, LANGUAGE_RULE)
  .overwrite((tag) => canonicalTag(tag) ?? tag)
  .describe('BCP 47.')
const Country = z
  .string()
  .regex(/^[A-Z]{2}$/, 'Use a country code such as DE.')
  .describe('ISO 3166-1 alpha-2.')
/** There are fewer than 250 countries. */
const Countries = z.array(Country).max(250)

const serverNow = z
  .int()
  .describe(
    'The time of the server at this answer: what begins at a time is not begun by the clock of a viewer.',
  )
const instant = z.int().describe('Milliseconds since the epoch, as all times here.')

export const CaptionKind = z
  .enum(['subtitles', 'captions'])
  .describe('`captions` also tell what is heard beside speech, for those who do not hear it.')

const VideoCaption = z
  .object({
    id: z.uuid(),
    language: z.string(),
    label: z.string(),
    kind: CaptionKind,
    url: z.string().describe('WebVTT.'),
  })
  .meta({ id: 'VideoCaption' })

const VideoChapter = z
  .object({ startMs: z.int().nonnegative(), title: z.string() })
  .meta({ id: 'VideoChapter' })

const VideoMedia = z
  .object({
    hlsUrl: z.string().describe('The HLS playlist of all qualities.'),
    dashUrl: z.string().describe('The DASH manifest of the same segments.'),
    storyboardUrl: z.string().nullable().describe('WebVTT of small pictures for the seek bar.'),
    previewUrl: z.string().nullable().describe('A few moving seconds.'),
    expiresAt: instant.nullable().describe('From then on ask anew; null for what everybody may see.'),
  })
  .meta({ id: 'VideoMedia' })

const PosterUrl = z
  .string()
  .nullable()
  .describe(
    'Folder of the poster, with `{240|480|800|1280}.{avif|webp|jpg}` in it; null while there is none.',
  )

const cardFields = {
  id: z.uuid(),
  owner: Person,
  title: z.string(),
  visibility: VideoVisibility,
  publishedAt: instant,
  durationMs: z.int().positive(),
  width: z.int().positive(),
  height: z.int().positive(),
  isShort: z.boolean().describe('At most a minute long and no wider than high.'),
  isAgeRestricted: z.boolean(),
  thumbhash: z.string().nullable().describe('ThumbHash in base64: what to show until the poster is there.'),
  posterUrl: PosterUrl,
  previewUrl: z.string().nullable().describe('A few moving seconds, to show under the pointer.'),
  views: z.int().nonnegative(),
}

export const VideoCard = z.object(cardFields).meta({ id: 'VideoCard' })

const VideoPremiere = z
  .object({
    startsAt: instant.describe('Until then there is a page and a poster, and nothing to play.'),
    endsAt: instant.describe('Until then everybody is at the same place: now less `startsAt`.'),
    chatStreamId: z
      .uuid()
      .nullable()
      .describe(
        'The stream whose chat goes with it; null where others than those who may watch would read it.',
      ),
    version: z.string().describe('Changes with what this page shows; `premiere:{videoId}` tells of it.'),
  })
  .meta({ id: 'VideoPremiere' })

const Video = z
  .object({
    ...cardFields,
    // The owner sees it before it is out, and before it is ready.
    publishedAt: instant
      .nullable()
      .describe('Null, or in the future of what is no premiere: only its owner and staff see it.'),
    premiere: VideoPremiere.nullable().describe('Null where it is none, or has played to its end.'),
    durationMs: z.int().positive().nullable(),
    width: z.int().positive().nullable(),
    height: z.int().positive().nullable(),
    state: VideoState,
    description: z.string().describe('Plain text of several lines.'),
    tags: z.array(z.string()),
    category: Category,
    language: z.string().nullable(),
    areCommentsOn: z.boolean(),
    likes: z.int().nonnegative(),
    media: VideoMedia.nullable().describe('Null until it can be watched.'),
    captions: z.array(VideoCaption),
    chapters: z.array(VideoChapter),
  })
  .meta({ id: 'Video' })

const Part = {
  startMs: z.int().nonnegative().describe('In times of the whole file, as the other.'),
  endMs: z.int().positive(),
}

const VideoRun = z
  .object({
    id: z.uuid(),
    state: z.enum(['uploading', 'processing', 'ready', 'failed']),
    fileName: z.string(),
    stage: z.string().describe('What is being done while it is processed; empty before and after.'),
    percent: z.int().min(0).max(100).describe('Of the upload, then of the processing.'),
    sizeBytes: z.int().positive(),
    receivedBytes: z.int().nonnegative(),
    trim: z.object(Part).nullable().describe('What of the file it is made of; null for all of it.'),
    failure: z
      .object({ code: z.string(), message: z.string().describe('A sentence for people.') })
      .nullable(),
  })
  .meta({ id: 'VideoRun' })

export const ManagedVideo = z
  .object({
    id: z.uuid(),
    title: z.string(),
    description: z.string(),
    tags: z.array(z.string()),
    category: Category,
    language: z.string().nullable(),
    visibility: VideoVisibility,
    state: VideoState,
    publishedAt: instant.nullable().describe('In the future while it waits for its time.'),
    scheduledFor: instant.nullable(),
    isPremiere: z.boolean().describe('Its page is there before its time, and all watch together then.'),
    isAgeRestricted: z.boolean(),
    allowedCountries: z.array(z.string()),
    deniedCountries: z.array(z.string()),
    areCommentsOn: z.boolean(),
    posterChoice: z
      .int()
      .nullable()
      .describe(
        'Which of the pictures below is its poster; null where it is one of yours, or there is none.',
      ),
    posterUrl: PosterUrl,
    posterOptions: z
      .array(z.string())
      .describe(
        'ThumbHashes of the pictures taken from the video, in its order; their folders are `0/`, `1/` … beside the one of `posterUrl`.',
      ),
    thumbhash: z.string().nullable(),
    durationMs: z.int().nullable(),
    width: z.int().nullable(),
    height: z.int().nullable(),
    fps: z.number().nullable(),
    trim: z
      .object({ ...Part, wholeMs: z.int().positive().describe('How long all of the file is.') })
      .nullable()
      .describe('What of its file is shown; null for all of it.'),
    isShort: z.boolean(),
    views: z.int().nonnegative(),
    likes: z.int().nonnegative(),
    createdAt: instant,
    run: VideoRun.nullable().describe('The newest file and how far it is.'),
  })
  .meta({ id: 'ManagedVideo' })

const VideoDetails = z.object({
  title: VideoTitle.optional(),
  description: z.string().overwrite(cleanText).max(VIDEO_DESCRIPTION_MAX).optional(),
  tags: z
    .array(Tag)
    .max(VIDEO_TAGS_MAX)
    .overwrite((tags) => [...new Set(tags)])
    .optional(),
  category: Category.optional(),
  language: Language.nullable().optional(),
  visibility: VideoVisibility.optional(),
  scheduledFor: z
    .int()
    .positive()
    .nullable()
    .optional()
    .describe('When it is to come out; null: as soon as it is ready.'),
  isPremiere: z
    .boolean()
    .optional()
    .describe(
      'Who may watch it at its time sees its page before, and all watch it together. It ends being one when its time is taken away.',
    ),
  isAgeRestricted: z.boolean().optional(),
  allowedCountries: Countries.optional().describe('Only there; empty: everywhere.'),
  deniedCountries: Countries.optional().describe('Everywhere but there. Not together with the other.'),
  areCommentsOn: z.boolean().optional(),
})

const MB = 1024 * 1024

const reading = { credits: 240, perMs: MINUTE_MS }
const editing = { credits: 60, perMs: MINUTE_MS }
/** Encoding one takes a second or two of a core; people try a few before they are content. */
const uploading = { credits: 20, perMs: 10 * MINUTE_MS }

/** Each costs as much as an upload; who looks for the right moment tries a few. */
const trimming = { credits: 20, perMs: 10 * MINUTE_MS }

const listed = {
  method: 'get',
  tag: 'videos',
  auth: 'any',
  scope: 'read',
  limit: reading,
  status: 200,
} as const
const changing = { tag: 'videos', auth: 'user', scope: 'videos:write', limit: editing, status: 200 } as const
const ofVideo = z.object({ videoId: z.uuid() })
const page = z.object({ videos: z.array(VideoCard), nextCursor: NextCursor })
const kind = z
  .enum(['videos', 'shorts'])
  .optional()
  .describe('`shorts`: the vertical ones of at most a minute; `videos`: all others; without it both.')

/** Files come by tus 1.0 at `/api/uploads`; everything else about videos is here. */
export const videos = contract({
  calls: {},
  topics: {
    'video-manager:{userId}': {
      summary:
        'Your videos that changed last, as they are uploaded, processed and come out; for you alone. 30 at most, the one that changed last first.',
      class: 'latest',
      readScope: 'account:read',
      item: z.object({
        videos: z.array(ManagedVideo),
        deletedIds: z.array(z.uuid()).describe('Those among the last changed that were deleted.'),
      }),
    },
    'premiere:{videoId}': {
      summary:
        'When a premiere is, and that its page is to be read anew; for whoever sees that page. It closes for those who do not any more.',
      class: 'latest',
      readScope: 'read',
      item: z.object({
        startsAt: instant.nullable().describe('Null where it is no premiere any more, or never was one.'),
        endsAt: instant.nullable(),
        version: z.string().describe('Another one than that of the page: read it anew.'),
      }),
    },
  },
  routes: {
    listVideos: {
      ...listed,
      path: '/api/videos',
      summary:
        'Public videos, the newest first; 24 a page. Left out is what is not to be brought to you: of accounts that you have muted or blocked, or that are private.',
      errors: [],
      query: z.object({ cursor: Cursor.optional(), kind }),
      response: page,
    },
    listOwnVideos: {
      ...listed,
      path: '/api/videos/mine',
      summary: 'Your videos in every state, the newest first; 30 a page.',
      auth: 'user',
      scope: 'account:read',
      errors: [],
      query: z.object({ cursor: Cursor.optional(), state: VideoState.optional() }),
      response: z.object({ videos: z.array(ManagedVideo), nextCursor: NextCursor }),
    },
    getOwnVideo: {
      ...listed,
      path: '/api/videos/mine/{videoId}',
      summary: 'One of your videos, in every state. `not_found` where it is not yours, or deleted.',
      auth: 'user',
      scope: 'account:read',
      errors: ['not_found'],
      params: ofVideo,
      response: z.object({ video: ManagedVideo }),
    },
    listPremieres: {
      ...listed,
      path: '/api/videos/premieres',
      summary:
        'Premieres to come, the next one first, 12 at most: public ones that may be brought to you, or with `handle` those that its channel lists for you. `publishedAt` is when they begin; nothing of them can be played before. `not_found` and `forbidden` are as of the videos of a channel.',
      errors: ['not_found', 'forbidden'],
      query: z.object({ handle: Handle.optional() }),
      response: z.object({ premieres: z.array(VideoCard), serverNow }),
    },
    getVideo: {
      ...listed,
      path: '/api/videos/{videoId}',
      summary:
        'A video, to be watched. `not_found` where it is not yours to see; `forbidden` with `{ reason: "blocked" }` where you have blocked its owner, `{ reason: "age" }` where it is for adults and you have no account or hide sensitive content, `{ reason: "country" }` where its owner does not show it in your country.',
      errors: ['not_found', 'forbidden'],
      params: ofVideo,
      response: z.object({ video: Video, serverNow }),
    },
    listRelatedVideos: {
      ...listed,
      path: '/api/videos/{videoId}/related',
      summary:
        'What goes with a video: public ones of its channel, with its tags, of its category, then the newest; 24 at most. Errors are those of the video itself, and left out is what is not to be brought to you.',
      errors: ['not_found', 'forbidden'],
      params: ofVideo,
      response: z.object({ videos: z.array(VideoCard) }),
    },
    listChannelVideos: {
      ...listed,
      path: '/api/accounts/{handle}/videos',
      summary:
        'The videos of an account that are listed for you, the newest first; 24 a page. `forbidden` with `{ reason: "blocked" }` or `{ reason: "private" }` where they are not yours to see.',
      errors: ['not_found', 'forbidden'],
      params: z.object({ handle: Handle }),
      query: z.object({ cursor: Cursor.optional(), kind }),
      response: page,
    },
    editVideo: {
      ...changing,
      method: 'patch',
      path: '/api/videos/{videoId}',
      summary:
        'Change what your video is called and who may see it; what is left out stays. `conflict` for countries that are both allowed and denied, and of a premiere with `{ reason: "out" }` where the video is out already, or `{ reason: "time" }` where its time is not to come.',
      errors: ['not_found', 'conflict'],
      params: ofVideo,
      body: VideoDetails,
      response: z.object({ video: ManagedVideo }),
    },
    choosePoster: {
      ...changing,
      method: 'put',
      path: '/api/videos/{videoId}/poster',
      summary:
        'Choose which of the pictures taken from your video is its poster. `conflict` while it has none.',
      errors: ['not_found', 'conflict'],
      params: ofVideo,
      body: z.strictObject({ choice: z.int().min(0).max(2).describe('From 0, in the order of the video.') }),
      response: z.object({ video: ManagedVideo }),
    },
    uploadPoster: {
      ...changing,
      method: 'put',
      path: '/api/videos/{videoId}/poster/picture',
      summary:
        'Give your video a poster of your own: the body is the file itself, 10 MB at most. It stays when the video gets another file. `conflict` while the video has no pictures yet.',
      limit: uploading,
      errors: ['not_found', 'conflict', 'invalid_input', 'too_large'],
      params: ofVideo,
      upload: { maxBytes: 10 * MB, contentTypes: PICTURE_TYPES },
      response: z.object({ video: ManagedVideo }),
    },
    trimVideo: {
      ...changing,
      method: 'post',
      path: '/api/videos/{videoId}/trim',
      summary:
        'Show only a part of the file of your video, exact to a frame, without sending it again. What is shown now stays until that is made. Asking again for the same changes nothing. `conflict` with `{ reason: "not_ready" }`, `{ reason: "busy" }` while another version of it is on its way, `{ reason: "nothing" }` where nothing would be cut off; `invalid_input` for less than a second, and for what is not in the file.',
      limit: trimming,
      errors: ['not_found', 'conflict', 'invalid_input'],
      params: ofVideo,
      body: z.strictObject(Part),
      response: z.object({ video: ManagedVideo }),
    },
    untrimVideo: {
      ...changing,
      method: 'delete',
      path: '/api/videos/{videoId}/trim',
      summary:
        'Show all of the file of your video again; a part that is being made is given up. Changes nothing where all of it is shown. `conflict` with `{ reason: "not_ready" }`, or `{ reason: "busy" }` while it gets another file.',
      limit: trimming,
      errors: ['not_found', 'conflict'],
      params: ofVideo,
      response: z.object({ video: ManagedVideo }),
    },
    deleteVideo: {
      ...changing,
      method: 'delete',
      path: '/api/videos/{videoId}',
      summary:
        'Delete your video: it is hidden at once, an upload that is under way ends, and you can undo it for 7 days. Doing it again changes nothing.',
      errors: ['not_found'],
      params: ofVideo,
      response: z.object({ undoUntil: instant }),
    },
    restoreVideo: {
      ...changing,
      method: 'post',
      path: '/api/videos/{videoId}/restore',
      summary: 'Undo that you deleted a video. `conflict` where it is not deleted.',
      errors: ['not_found', 'conflict'],
      params: ofVideo,
      response: z.object({ video: ManagedVideo }),
    },
  },
})
