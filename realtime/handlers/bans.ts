import type { BansService } from '../../src/features/bans/bans.service.ts'
import type { Handlers } from '../dispatch.ts'

export const banHandlers = (bans: BansService): Handlers<'channel:ban' | 'channel:unban'> => ({
  'channel:ban': ({ viewer }, input) => bans.ban(viewer, input),
  'channel:unban': async ({ viewer }, input) => {
    await bans.unban(viewer, input)
    return {}
  },
})
