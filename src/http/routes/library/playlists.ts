import type { playlists as contract } from '../../../contract/playlists.ts'
import type { PlaylistsService } from '../../../features/playlists/playlists.service.ts'
import type { Watcher } from '../../../features/videos/videos.service.ts'
import { type CountrySettings, countryOf } from '../../../infra/access/country.ts'
import type { RouteHandlers, RouteRequest } from '../../route.ts'
import { sessionIn, viewerIn } from '../../visitor.ts'
import { given } from './given.ts'

type Deps = { playlists: PlaylistsService; config: CountrySettings }

export function playlistRoutes({ playlists, config }: Deps): RouteHandlers<typeof contract.routes> {
  const watcherOf = (request: Pick<RouteRequest, 'visitor' | 'header'>): Watcher => ({
    viewer: viewerIn(request.visitor),
    country: countryOf(config, request),
  })
  return {
    listOwnPlaylists: (request) =>
      playlists.own(watcherOf(request), sessionIn(request.visitor).userId, request.query.videoId),
    listChannelPlaylists: (request) =>
      playlists.ofChannel(watcherOf(request), request.params.handle, request.query.cursor),
    getPlaylist: (request) =>
      playlists.read(watcherOf(request), request.params.playlistId, request.query.after ?? 0),
    createPlaylist: async (request) => ({
      playlist: await playlists.create(watcherOf(request), sessionIn(request.visitor).userId, request.body),
    }),
    editPlaylist: async (request) => ({
      playlist: await playlists.edit(watcherOf(request), request.params.playlistId, given(request.body)),
    }),
    deletePlaylist: (request) => playlists.remove(watcherOf(request), request.params.playlistId),
    restorePlaylist: async (request) => ({
      playlist: await playlists.restore(watcherOf(request), request.params.playlistId),
    }),
    async putPlaylistItem(request) {
      const { playlistId, videoId } = request.params
      await playlists.put(watcherOf(request), playlistId, videoId, request.body.afterVideoId)
      return {}
    },
    async removePlaylistItem(request) {
      const { playlistId, videoId } = request.params
      await playlists.take(watcherOf(request), playlistId, videoId)
      return {}
    },
  }
}
