import type { ChatService } from '../../src/features/chat/chat.service.ts'
import type { Handlers } from '../dispatch.ts'
import { accountOf } from './account.ts'

export const chatHandlers = (chat: ChatService): Handlers<'chat:send' | 'chat:history'> => ({
  'chat:send': ({ viewer }, { clientId, streamId, text }) => {
    const { id, handle, displayName } = accountOf(viewer)
    return chat.send({ clientId, streamId, text, author: { id, handle, displayName } })
  },
  'chat:history': ({ viewer }, page) => chat.history(viewer.id, page),
})
