import type { inbox as inboxContract } from '../../contract/inbox.ts'
import { can } from '../../core/access/permissions.ts'
import { AppError } from '../../core/errors.ts'
import type { InboxService } from '../../features/inbox/inbox.service.ts'
import type { RouteHandlers } from '../route.ts'
import { type Visitor, viewerIn } from '../visitor.ts'

export type InboxSettings = { DEV_INBOX: 'auto' | 'on' | 'off'; SMTP_URL?: string | undefined }

/**
 * Mails hold links that open accounts. With `auto` they are shown to a browser on this machine and to admins, with `on`
 * to everybody; where mails are really sent there is no inbox.
 */
export function mayReadInbox(config: InboxSettings, visitor: Visitor): boolean {
  if (config.SMTP_URL !== undefined || config.DEV_INBOX === 'off') return false
  return config.DEV_INBOX === 'on' || visitor.isThisMachine || can(viewerIn(visitor), 'inbox:read')
}

export const inboxRoutes = (deps: {
  inbox: InboxService
  config: InboxSettings
}): RouteHandlers<typeof inboxContract.routes> => ({
  async listInbox({ visitor }) {
    if (!mayReadInbox(deps.config, visitor)) throw new AppError('not_found')
    return { mails: await deps.inbox.list() }
  },
})
