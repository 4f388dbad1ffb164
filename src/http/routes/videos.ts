import type { videos as contract } from '../../contract/videos.ts'
import type { VideosService, Watcher } from '../../features/videos/videos.service.ts'
import type { RouteHandlers, RouteRequest } from '../route.ts'
import { sessionIn, viewerIn } from '../visitor.ts'

type Deps = { videos: VideosService; config: { COUNTRY_HEADER?: string | undefined } }

/** ISO 3166-1 alpha-2; proxies write XX and T1 where they do not know. */
const COUNTRY = /^(?!XX)[A-Z]{2}$/

export function videoRoutes({ videos, config }: Deps): RouteHandlers<typeof contract.routes> {
  const watcherOf = ({ visitor, header }: Pick<RouteRequest, 'visitor' | 'header'>): Watcher => {
    const told = config.COUNTRY_HEADER && header(config.COUNTRY_HEADER)?.trim().toUpperCase()
    return { viewer: viewerIn(visitor), country: told && COUNTRY.test(told) ? told : undefined }
  }
  return {
    listVideos: (request) => videos.newest(watcherOf(request), request.query),
    listOwnVideos: ({ visitor, query }) => videos.own(sessionIn(visitor).userId, query),
    getVideo: async (request) => ({ video: await videos.watch(watcherOf(request), request.params.videoId) }),
    listChannelVideos: (request) =>
      videos.ofChannel(watcherOf(request), request.params.handle, request.query),
    editVideo: async ({ visitor, params, body }) => ({
      video: await videos.edit(viewerIn(visitor), params.videoId, given(body)),
    }),
    choosePoster: async ({ visitor, params, body }) => ({
      video: await videos.choosePoster(viewerIn(visitor), params.videoId, body.choice),
    }),
    deleteVideo: ({ visitor, params }) => videos.remove(viewerIn(visitor), params.videoId),
    restoreVideo: async ({ visitor, params }) => ({
      video: await videos.restore(viewerIn(visitor), params.videoId),
    }),
  }
}

type Given<T> = { [K in keyof T]: Exclude<T[K], undefined> }

/** Without the fields that were left out. */
const given = <T extends object>(fields: T): Given<T> =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Given<T>
