import type { feed as feedContract } from '../../contract/feed.ts'
import { AppError } from '../../core/errors.ts'
import type { FeedService } from '../../features/feed/feed.service.ts'
import type { RouteHandlers } from '../route.ts'

export const feedRoutes = (deps: { feed: FeedService }): RouteHandlers<typeof feedContract.routes> => ({
  async getFeed({ query, visitor }) {
    if (!visitor.session) throw new AppError('unauthenticated')
    return deps.feed.page(visitor.session.userId, query.cursor)
  },
})
