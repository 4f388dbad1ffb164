import type { bans as bansContract } from '../../contract/bans.ts'
import type { BansService } from '../../features/bans/bans.service.ts'
import type { RouteHandlers } from '../route.ts'
import { viewerIn } from '../visitor.ts'

export const banRoutes = (deps: { bans: BansService }): RouteHandlers<typeof bansContract.routes> => ({
  async listBans({ params, query, visitor }) {
    return deps.bans.list(viewerIn(visitor), params.handle, query.cursor)
  },
})
