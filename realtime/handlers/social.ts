import type { SocialService } from '../../src/features/social/social.service.ts'
import type { Handlers } from '../dispatch.ts'
import { accountOf } from './account.ts'

type Names = 'follow:add' | 'follow:remove' | 'like:add' | 'like:remove'

export const socialHandlers = (social: SocialService): Handlers<Names> => ({
  'follow:add': ({ viewer }, { accountId }) => social.setFollowing(accountOf(viewer).id, accountId, true),
  'follow:remove': ({ viewer }, { accountId }) => social.setFollowing(accountOf(viewer).id, accountId, false),
  'like:add': ({ viewer }, { broadcastId }) => social.setLiked(accountOf(viewer).id, broadcastId, true),
  'like:remove': ({ viewer }, { broadcastId }) => social.setLiked(accountOf(viewer).id, broadcastId, false),
})
