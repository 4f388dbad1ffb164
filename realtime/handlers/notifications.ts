import type { NotificationsService } from '../../src/features/notifications/notifications.service.ts'
import type { Handlers } from '../dispatch.ts'
import { accountOf } from './account.ts'

type Names = 'notifications:read' | 'notifications:list'

export const notificationHandlers = (notifications: NotificationsService): Handlers<Names> => ({
  'notifications:read': ({ viewer }, { upTo }) => notifications.markRead(accountOf(viewer).id, upTo),
  'notifications:list': ({ viewer }, { beforeSeq, limit }) =>
    notifications.list(accountOf(viewer).id, beforeSeq, limit),
})
