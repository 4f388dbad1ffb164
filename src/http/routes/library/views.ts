import type { views as contract } from '../../../contract/views.ts'
import type { ViewsService, Watcher } from '../../../features/views/views.service.ts'
import { type CountrySettings, countryOf } from '../../../infra/access/country.ts'
import type { RouteHandlers, RouteRequest } from '../../route.ts'
import { sessionIn, viewerIn } from '../../visitor.ts'

type Deps = { views: ViewsService; config: CountrySettings }

export function viewRoutes({ views, config }: Deps): RouteHandlers<typeof contract.routes> {
  const watcherOf = (request: Pick<RouteRequest, 'visitor' | 'header'>): Watcher => ({
    viewer: viewerIn(request.visitor),
    address: request.visitor.address,
    userAgent: request.header('user-agent') ?? '',
    country: countryOf(config, request),
  })
  return {
    reportWatching: (request) =>
      views.report(watcherOf(request), { ...request.body, videoId: request.params.videoId }),
    getVideoAnalytics: async ({ visitor, params }) => ({
      analytics: await views.analytics(viewerIn(visitor), params.videoId),
    }),
    listHistory: (request) =>
      views.history.list(watcherOf(request), sessionIn(request.visitor).userId, request.query.cursor),
    listPositions: async ({ visitor, query }) => ({
      positions: await views.history.positions(sessionIn(visitor).userId, query.videoIds),
    }),
    async removeFromHistory({ visitor, params }) {
      await views.history.remove(sessionIn(visitor).userId, params.videoId)
      return {}
    },
    async clearHistory({ visitor }) {
      await views.history.clear(sessionIn(visitor).userId)
      return {}
    },
  }
}
