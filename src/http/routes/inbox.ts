import type { inbox as inboxContract } from '../../contract/inbox.ts'
import { can } from '../../core/access/permissions.ts'
import { AppError } from '../../core/errors.ts'
import type { InboxService } from '../../features/inbox/inbox.service.ts'
import type { RouteHandlers } from '../route.ts'
import { type Visitor, viewerIn } from '../visitor.ts'

export type InboxSettings = {
  DEV_INBOX: 'auto' | 'on' | 'off'
  SMTP_URL?: string | undefined
  SMS_URL?: string | undefined
}

/** Texts are really sent, or land where mails land too; a server that sends mails but no texts has no use for numbers. */
export const canSendTexts = ({ SMTP_URL, SMS_URL }: InboxSettings): boolean =>
  SMS_URL !== undefined || SMTP_URL === undefined

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
    return await deps.inbox.list()
  },
})
