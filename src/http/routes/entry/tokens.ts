import type { tokens as tokensContract } from '../../../contract/tokens.ts'
import type { TokensService } from '../../../features/tokens/tokens.service.ts'
import type { RouteHandlers } from '../../route.ts'
import { actorIn, sessionIn } from '../../visitor.ts'

export const tokenRoutes = ({
  tokens,
}: {
  tokens: TokensService
}): RouteHandlers<typeof tokensContract.routes> => ({
  async listTokens({ visitor }) {
    return { tokens: await tokens.list(sessionIn(visitor).userId) }
  },
  async createToken({ visitor, body }) {
    return tokens.create(actorIn(visitor), sessionIn(visitor).userId, body)
  },
  async revokeToken({ visitor, params }) {
    await tokens.revoke(actorIn(visitor), sessionIn(visitor).userId, params.tokenId)
    return {}
  },
})
