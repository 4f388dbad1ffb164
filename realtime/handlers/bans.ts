import type { BansService } from '../../src/features/bans/bans.service.ts'
import type { Handlers } from '../dispatch.ts'
import { accountOf } from './account.ts'

export const banHandlers = (bans: BansService): Handlers<'channel:ban' | 'channel:unban'> => ({
  'channel:ban': ({ viewer }, input) => bans.ban(accountOf(viewer).id, input),
  'channel:unban': async ({ viewer }, input) => {
    await bans.unban(accountOf(viewer).id, input)
    return {}
  },
})
