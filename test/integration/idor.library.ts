import { randomUUID } from 'node:crypto'
import type { RouteName } from '../../src/contract/index.ts'
import { viewing } from '../support/watching.ts'
import type { Subject, World } from './idor.people.ts'
import { acting, all, owned, ownedActing, type Row, route, self } from './idor.table.ts'

const ofHandle = ({ handle }: Subject) => ({ params: { handle }, query: {} })
const ofVideo = ({ videoId }: Subject) => ({ params: { videoId } })
const ofCaptions = ({ videoId }: Subject) => ({ params: { videoId, language: 'en', kind: 'captions' } })
const CAPTIONS = {
  bytes: new TextEncoder().encode('WEBVTT\n\n00:01.000 --> 00:02.000\nHello\n'),
  contentType: 'text/vtt',
}
const ofPlaylist = ({ playlistId }: Subject) => ({ params: { playlistId } })
const ofItem = ({ playlistId, videoId }: Subject) => ({ params: { playlistId, videoId } })
const page = () => ({ query: {} })
const picture = (_: Subject, { picture }: World) => ({ upload: { bytes: picture, contentType: 'image/png' } })

/** Videos, what belongs to them, and lists of them, in the order in which they are asked. */
export const LIBRARY = {
  listVideos: { ask: route('listVideos', page), expected: all() },
  listPremieres: { ask: route('listPremieres', page), expected: all() },
  listOwnVideos: { ask: route('listOwnVideos', page), expected: self() },
  getOwnVideo: { ask: route('getOwnVideo', ofVideo), expected: owned('not_found') },
  listChannelVideos: { ask: route('listChannelVideos', ofHandle), expected: all() },
  listRelatedVideos: { ask: route('listRelatedVideos', ofVideo), expected: all() },
  getVideo: { ask: route('getVideo', ofVideo), expected: all() },
  // The one that is asked about has no files.
  getPlayback: { ask: route('getPlayback', ofVideo), expected: all('conflict not_ready') },
  reportWatching: {
    ask: route('reportWatching', (subject) => ({
      ...ofVideo(subject),
      body: viewing(subject.videoId),
    })),
    expected: all(),
  },
  getVideoAnalytics: { ask: route('getVideoAnalytics', ofVideo), expected: owned('not_found') },
  listHistory: { ask: route('listHistory', page), expected: self() },
  listPositions: {
    ask: route('listPositions', ({ videoId }) => ({ query: { videoIds: videoId } })),
    expected: self(),
  },
  removeFromHistory: { ask: route('removeFromHistory', ofVideo), expected: self() },
  clearHistory: { ask: route('clearHistory'), expected: self() },
  // Addresses of other sites are of no video here.
  getOembed: {
    ask: route('getOembed', () => ({ query: { url: 'https://elsewhere.example/' } })),
    expected: all('not_found'),
  },
  listOwnPlaylists: { ask: route('listOwnPlaylists', page), expected: self() },
  listChannelPlaylists: { ask: route('listChannelPlaylists', ofHandle), expected: all() },
  getPlaylist: {
    ask: route('getPlaylist', (subject) => ({ ...ofPlaylist(subject), query: {} })),
    expected: all(),
  },
  createPlaylist: {
    ask: route('createPlaylist', () => ({
      body: { clientId: randomUUID(), title: 'Mine', visibility: 'public' },
    })),
    expected: acting(),
  },
  editPlaylist: {
    ask: route('editPlaylist', (subject) => ({ ...ofPlaylist(subject), body: { title: 'Mine now' } })),
    expected: ownedActing('not_found'),
  },
  putPlaylistItem: {
    ask: route('putPlaylistItem', (subject) => ({ ...ofItem(subject), body: {} })),
    expected: ownedActing('not_found'),
  },
  removePlaylistItem: { ask: route('removePlaylistItem', ofItem), expected: ownedActing('not_found') },
  deletePlaylist: { ask: route('deletePlaylist', ofPlaylist), expected: ownedActing('not_found') },
  restorePlaylist: { ask: route('restorePlaylist', ofPlaylist), expected: ownedActing('not_found') },
  editVideo: {
    ask: route('editVideo', (subject) => ({ ...ofVideo(subject), body: { title: 'Mine now' } })),
    expected: ownedActing('not_found'),
  },
  // The one that is asked about has no pictures.
  choosePoster: {
    ask: route('choosePoster', (subject) => ({ ...ofVideo(subject), body: { choice: 1 } })),
    expected: ownedActing('not_found', 'conflict'),
  },
  uploadPoster: {
    ask: route('uploadPoster', (subject, world) => ({ ...ofVideo(subject), ...picture(subject, world) })),
    expected: ownedActing('not_found', 'conflict'),
  },
  // It has no file either.
  trimVideo: {
    ask: route('trimVideo', (subject) => ({ ...ofVideo(subject), body: { startMs: 1000, endMs: 3000 } })),
    expected: ownedActing('not_found', 'conflict not_ready'),
  },
  untrimVideo: {
    ask: route('untrimVideo', ofVideo),
    expected: ownedActing('not_found', 'conflict not_ready'),
  },
  setCaptions: {
    ask: route('setCaptions', (subject) => ({ ...ofCaptions(subject), query: {}, upload: CAPTIONS })),
    expected: ownedActing('not_found'),
  },
  // Whoever is suspended could not give their video any.
  getCaptions: {
    ask: route('getCaptions', ofCaptions),
    expected: { ...owned('not_found'), suspended: 'not_found' },
  },
  listCaptions: { ask: route('listCaptions', ofVideo), expected: owned('not_found') },
  removeCaptions: { ask: route('removeCaptions', ofCaptions), expected: ownedActing('not_found') },
  deleteVideo: { ask: route('deleteVideo', ofVideo), expected: ownedActing('not_found') },
  restoreVideo: { ask: route('restoreVideo', ofVideo), expected: ownedActing('not_found') },
} satisfies Partial<Record<RouteName, Row>>
