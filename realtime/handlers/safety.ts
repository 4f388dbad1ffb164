import type { SafetyService } from '../../src/features/safety/safety.service.ts'
import type { Handlers } from '../dispatch.ts'
import { accountOf } from './account.ts'

type Names =
  | 'block:add'
  | 'block:remove'
  | 'mute:add'
  | 'mute:remove'
  | 'follow-request:accept'
  | 'follow-request:decline'

export const safetyHandlers = (safety: SafetyService): Handlers<Names> => ({
  'block:add': async ({ viewer }, { accountId }) => {
    await safety.block(accountOf(viewer).id, accountId)
    return { isBlocked: true }
  },
  'block:remove': async ({ viewer }, { accountId }) => {
    await safety.unblock(accountOf(viewer).id, accountId)
    return { isBlocked: false }
  },
  'mute:add': async ({ viewer }, { accountId }) => {
    await safety.mute(accountOf(viewer).id, accountId)
    return { isMuted: true }
  },
  'mute:remove': async ({ viewer }, { accountId }) => {
    await safety.unmute(accountOf(viewer).id, accountId)
    return { isMuted: false }
  },
  'follow-request:accept': async ({ viewer }, { accountId }) => {
    await safety.requests.accept(accountOf(viewer).id, accountId)
    return {}
  },
  'follow-request:decline': async ({ viewer }, { accountId }) => {
    await safety.requests.decline(accountOf(viewer).id, accountId)
    return {}
  },
})
