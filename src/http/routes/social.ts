import type { social as socialContract } from '../../contract/social.ts'
import type { SocialService } from '../../features/social/social.service.ts'
import type { RouteHandlers } from '../route.ts'

export const socialRoutes = (deps: {
  social: SocialService
}): RouteHandlers<typeof socialContract.routes> => ({
  async getProfile({ params, visitor }) {
    return { profile: await deps.social.profile(params.handle, visitor.session?.userId) }
  },
  listFollowers: ({ params, query, visitor }) =>
    deps.social.people('followers', params.handle, {
      cursor: query.cursor,
      viewerId: visitor.session?.userId,
    }),
  listFollowing: ({ params, query, visitor }) =>
    deps.social.people('following', params.handle, {
      cursor: query.cursor,
      viewerId: visitor.session?.userId,
    }),
})
