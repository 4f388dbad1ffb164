import { z } from 'zod'
import { cleanLine, cleanText } from '../core/text.ts'
import { MINUTE_MS } from '../core/time.ts'
import { Handle } from './accounts.ts'
import { contract } from './define.ts'
import { Cursor, NextCursor, Person } from './social.ts'
import { VideoCard } from './videos.ts'

const PLAYLIST_TITLE_MAX = 100
const PLAYLIST_DESCRIPTION_MAX = 1000
/** More than anybody watches through, and few enough to be put into another order at once. */
export const PLAYLIST_ITEMS_MAX = 500
/** The menu that saves a video shows them all. */
export const PLAYLISTS_MAX = 200
/** In place of an id: what oneself wants to watch later. */
export const WATCH_LATER = 'watch-later'

const PlaylistVisibility = z
  .enum(['public', 'unlisted', 'private'])
  .describe(
    '`public` is listed on its channel; `unlisted` is for whoever has the address; `private` for its owner alone.',
  )

const PlaylistId = z
  .union([z.uuid(), z.literal(WATCH_LATER)])
  .describe('`watch-later`: your own list of what you want to watch later, which is always there.')
const Title = z.string().overwrite(cleanLine).min(1).max(PLAYLIST_TITLE_MAX)
const Description = z.string().overwrite(cleanText).max(PLAYLIST_DESCRIPTION_MAX)

const Playlist = z
  .object({
    id: PlaylistId,
    owner: Person,
    title: z.string().describe('Empty for `watch-later`.'),
    description: z.string(),
    visibility: PlaylistVisibility,
    count: z.int().nonnegative().describe('Videos in it, those too that are not yours to see.'),
    cover: VideoCard.nullable().describe('One of its first videos; null where none of them is yours to see.'),
    createdAt: z.int().describe('Milliseconds since the epoch, as all times here.'),
  })
  .meta({ id: 'Playlist' })

const ofPlaylist = z.object({ playlistId: PlaylistId })
const ofItem = z.object({ playlistId: PlaylistId, videoId: z.uuid() })
const done = z.object({})
const reading = { tag: 'playlists', limit: { credits: 240, perMs: MINUTE_MS }, status: 200 } as const
const changing = {
  tag: 'playlists',
  auth: 'user',
  scope: 'videos:write',
  limit: { credits: 120, perMs: MINUTE_MS },
  status: 200,
} as const

/** Videos in an order of one's own. Every video of a list is judged for whoever looks at it. */
export const playlists = contract({
  calls: {},
  topics: {},
  routes: {
    listOwnPlaylists: {
      ...reading,
      method: 'get',
      path: '/api/playlists',
      summary: 'Your lists: `watch-later` first, then the others, the newest first.',
      auth: 'user',
      scope: 'account:read',
      errors: [],
      query: z.object({
        videoId: z.uuid().optional().describe('`holdsVideo` tells which of them have this one.'),
      }),
      response: z.object({ playlists: z.array(Playlist.extend({ holdsVideo: z.boolean() })) }),
    },
    listChannelPlaylists: {
      ...reading,
      method: 'get',
      path: '/api/accounts/{handle}/playlists',
      summary:
        'The public lists of an account, the newest first; 24 a page. `forbidden` with `{ reason: "blocked" }` or `{ reason: "private" }` where they are not yours to see.',
      auth: 'any',
      scope: 'read',
      errors: ['not_found', 'forbidden'],
      params: z.object({ handle: Handle }),
      query: z.object({ cursor: Cursor.optional() }),
      response: z.object({ playlists: z.array(Playlist), nextCursor: NextCursor }),
    },
    getPlaylist: {
      ...reading,
      method: 'get',
      path: '/api/playlists/{playlistId}',
      summary:
        'A list and what of it is yours to see, in its order; 100 videos a page. `not_found` where it is not yours to see; `forbidden` with `{ reason: "blocked" }` where you have blocked its owner.',
      auth: 'any',
      scope: 'read',
      errors: ['not_found', 'forbidden'],
      params: ofPlaylist,
      query: z.object({
        after: z.coerce.number().int().nonnegative().optional().describe('`next` of the page before.'),
      }),
      response: z.object({
        playlist: Playlist,
        isOwn: z.boolean(),
        videos: z.array(VideoCard),
        hidden: z.int().nonnegative().describe('Videos of this page that are not yours to see.'),
        next: z.int().nullable(),
      }),
    },
    createPlaylist: {
      ...changing,
      method: 'post',
      path: '/api/playlists',
      summary:
        'Make a list, with a first video if you want; repeating it with the same clientId changes nothing. `conflict` with `{ reason: "full" }` where you have 200. `not_found` or `forbidden` where the video is not yours to see.',
      errors: ['not_found', 'forbidden', 'conflict'],
      body: z.object({
        clientId: z.uuid().describe('Made by the client for this list; makes a repeat harmless.'),
        title: Title,
        description: Description.default(''),
        visibility: PlaylistVisibility,
        videoId: z.uuid().optional(),
      }),
      status: 201,
      response: z.object({ playlist: Playlist }),
    },
    editPlaylist: {
      ...changing,
      method: 'patch',
      path: '/api/playlists/{playlistId}',
      summary:
        'Change what your list is called and who may see it; what is left out stays. `conflict` for `watch-later`, which is as it is.',
      errors: ['not_found', 'conflict'],
      params: ofPlaylist,
      body: z.object({
        title: Title.optional(),
        description: Description.optional(),
        visibility: PlaylistVisibility.optional(),
      }),
      response: z.object({ playlist: Playlist }),
    },
    deletePlaylist: {
      ...changing,
      method: 'delete',
      path: '/api/playlists/{playlistId}',
      summary:
        'Delete your list: you can undo it for 7 days. Doing it again changes nothing. `conflict` for `watch-later`.',
      errors: ['not_found', 'conflict'],
      params: ofPlaylist,
      response: z.object({ undoUntil: z.int() }),
    },
    restorePlaylist: {
      ...changing,
      method: 'post',
      path: '/api/playlists/{playlistId}/restore',
      summary:
        'Undo that you deleted a list. `conflict` where it is not deleted, or with `{ reason: "full" }` where you have 200 others.',
      errors: ['not_found', 'conflict'],
      params: ofPlaylist,
      response: z.object({ playlist: Playlist }),
    },
    putPlaylistItem: {
      ...changing,
      method: 'put',
      path: '/api/playlists/{playlistId}/videos/{videoId}',
      summary:
        'Have a video in your list, behind another one or where it is already; a new one comes last. Doing it again changes nothing. `conflict` with `{ reason: "full" }` at 500 videos. `not_found` or `forbidden` where it is not yours to see.',
      errors: ['not_found', 'forbidden', 'conflict'],
      params: ofItem,
      body: z.object({
        afterVideoId: z
          .uuid()
          .nullable()
          .optional()
          .describe('Behind this one; null: before all others. Where it is not in the list any more: last.'),
      }),
      response: done,
    },
    removePlaylistItem: {
      ...changing,
      method: 'delete',
      path: '/api/playlists/{playlistId}/videos/{videoId}',
      summary: 'Have a video in your list no more. Doing it again changes nothing.',
      errors: ['not_found'],
      params: ofItem,
      response: done,
    },
  },
})
