import type { ChatService } from '../../src/features/chat/chat.service.ts'
import type { Handlers } from '../dispatch.ts'
import { accountOf } from './account.ts'

export const chatHandlers = (chat: ChatService): Handlers<'chat:send' | 'chat:history'> => ({
  'chat:send': ({ viewer }, line) => chat.send({ ...line, account: accountOf(viewer) }),
  'chat:history': ({ viewer }, page) => chat.history(viewer.id, page),
})
