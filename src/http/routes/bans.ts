import type { bans as bansContract } from '../../contract/bans.ts'
import { AppError } from '../../core/errors.ts'
import type { BansService } from '../../features/bans/bans.service.ts'
import type { RouteHandlers } from '../route.ts'

export const banRoutes = (deps: { bans: BansService }): RouteHandlers<typeof bansContract.routes> => ({
  async listBans({ params, query, visitor }) {
    if (!visitor.session) throw new AppError('unauthenticated')
    return deps.bans.list(visitor.session.userId, params.handle, query.cursor)
  },
})
