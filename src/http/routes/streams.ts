import type { RouteResponse } from '../../contract/index.ts'
import type { streams as streamsContract } from '../../contract/streams.ts'
import type { SocialService } from '../../features/social/social.service.ts'
import type { RouteHandlers } from '../route.ts'

/** What the routes need of the streams service. `byHandle` throws `not_found` and `forbidden`. */
export type StreamReads = {
  listLive(viewerId: string | undefined): Promise<RouteResponse<'listLive'>['streams']>
  byHandle(
    handle: string,
    viewerId: string | undefined,
  ): Promise<Omit<RouteResponse<'getStream'>['stream'], 'isLiked'>>
}

export const streamRoutes = (deps: {
  streams: StreamReads
  social: Pick<SocialService, 'isLiked'>
}): RouteHandlers<typeof streamsContract.routes> => ({
  async listLive({ visitor }) {
    return { streams: await deps.streams.listLive(visitor.session?.userId) }
  },
  async getStream({ params, visitor }) {
    const stream = await deps.streams.byHandle(params.handle, visitor.session?.userId)
    const isLiked = await deps.social.isLiked(visitor.session?.userId, stream.broadcast?.id)
    return { stream: { ...stream, isLiked } }
  },
})
