import type { safety as safetyContract } from '../../contract/safety.ts'
import { AppError } from '../../core/errors.ts'
import type { SafetyService } from '../../features/safety/safety.service.ts'
import type { RouteHandlers } from '../route.ts'
import type { Visitor } from '../visitor.ts'

export const safetyRoutes = ({
  safety,
}: {
  safety: SafetyService
}): RouteHandlers<typeof safetyContract.routes> => ({
  async getPrivacy({ visitor }) {
    return { privacy: await safety.privacy(userOf(visitor)) }
  },
  async setPrivacy({ body, visitor }) {
    return { privacy: await safety.setPrivacy(userOf(visitor), body) }
  },
  listBlocks: async ({ query, visitor }) => safety.list('block', userOf(visitor), query.cursor),
  listMutes: async ({ query, visitor }) => safety.list('mute', userOf(visitor), query.cursor),
  listFollowRequests: async ({ query, visitor }) => safety.requests.list(userOf(visitor), query.cursor),
  async listHidden({ visitor }) {
    return { accountIds: await safety.hiddenFrom(userOf(visitor)) }
  },
})

function userOf({ session }: Visitor): string {
  if (!session) throw new AppError('unauthenticated')
  return session.userId
}
