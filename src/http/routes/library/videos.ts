import type { playback as playing } from '../../../contract/playback.ts'
import type { videos as contract } from '../../../contract/videos.ts'
import type { Clock } from '../../../core/time.ts'
import type { PlaybackService } from '../../../features/playback/playback.service.ts'
import type { VideosService, Watcher } from '../../../features/videos/videos.service.ts'
import { type CountrySettings, countryOf } from '../../../infra/access/country.ts'
import type { RouteHandlers, RouteRequest } from '../../route.ts'
import { sessionIn, viewerIn } from '../../visitor.ts'
import { given } from './given.ts'

type Deps = { videos: VideosService; config: CountrySettings; clock: Clock }

type PlaybackDeps = { playback: PlaybackService; config: CountrySettings }

export function playbackRoutes({ playback, config }: PlaybackDeps): RouteHandlers<typeof playing.routes> {
  return {
    getPlayback: async (request) => {
      const viewer = {
        viewerId: viewerIn(request.visitor).account?.id,
        country: countryOf(config, request),
      }
      const found = await playback.read(viewer, request.params.videoId)
      for (const cookie of found.cookies) request.setCookie(cookie)
      return found.playback
    },
  }
}

export function videoRoutes({ videos, config, clock }: Deps): RouteHandlers<typeof contract.routes> {
  const watcherOf = (request: Pick<RouteRequest, 'visitor' | 'header'>): Watcher => ({
    viewer: viewerIn(request.visitor),
    country: countryOf(config, request),
  })
  return {
    listVideos: (request) => videos.newest(watcherOf(request), request.query),
    listOwnVideos: ({ visitor, query }) => videos.own(sessionIn(visitor).userId, query),
    getOwnVideo: async ({ visitor, params }) => ({
      video: await videos.find(sessionIn(visitor).userId, params.videoId),
    }),
    listPremieres: async (request) => ({
      ...(await videos.premieres(watcherOf(request), request.query.handle)),
      serverNow: clock.nowMs(),
    }),
    getVideo: async (request) => ({
      video: await videos.watch(watcherOf(request), request.params.videoId),
      serverNow: clock.nowMs(),
    }),
    listRelatedVideos: (request) => videos.related(watcherOf(request), request.params.videoId),
    listChannelVideos: (request) =>
      videos.ofChannel(watcherOf(request), request.params.handle, request.query),
    editVideo: async ({ visitor, params, body }) => ({
      video: await videos.edit(viewerIn(visitor), params.videoId, given(body)),
    }),
    choosePoster: async ({ visitor, params, body }) => ({
      video: await videos.choosePoster(viewerIn(visitor), params.videoId, body.choice),
    }),
    uploadPoster: async ({ visitor, params, upload }) => ({
      video: await videos.uploadPoster(viewerIn(visitor), params.videoId, upload),
    }),
    trimVideo: async ({ visitor, params, body }) => ({
      video: await videos.trim(viewerIn(visitor), params.videoId, body),
    }),
    untrimVideo: async ({ visitor, params }) => ({
      video: await videos.untrim(viewerIn(visitor), params.videoId),
    }),
    deleteVideo: ({ visitor, params }) => videos.remove(viewerIn(visitor), params.videoId),
    restoreVideo: async ({ visitor, params }) => ({
      video: await videos.restore(viewerIn(visitor), params.videoId),
    }),
  }
}
