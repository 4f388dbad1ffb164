import type { RouteResponse } from '../../contract/index.ts'
import type { streams as streamsContract } from '../../contract/streams.ts'
import type { RouteHandlers } from '../route.ts'

/** What the routes need of the streams service. `byHandle` throws `not_found`. */
export type StreamReads = {
  listLive(): Promise<RouteResponse<'listLive'>['streams']>
  byHandle(handle: string): Promise<RouteResponse<'getStream'>['stream']>
}

export const streamRoutes = (deps: {
  streams: StreamReads
}): RouteHandlers<typeof streamsContract.routes> => ({
  async listLive() {
    return { streams: await deps.streams.listLive() }
  },
  async getStream({ params }) {
    return { stream: await deps.streams.byHandle(params.handle) }
  },
})
