import { z } from 'zod'
import { MINUTE_MS } from '../core/time.ts'
import { contract } from './define.ts'

const InboxMail = z
  .object({
    id: z.uuid(),
    to: z.string(),
    subject: z.string(),
    text: z.string(),
    html: z.string(),
    sentAt: z.int().describe('Milliseconds since the epoch.'),
  })
  .meta({ id: 'InboxMail' })

const InboxText = z
  .object({
    id: z.uuid(),
    to: z.string().describe('Telephone number.'),
    text: z.string(),
    sentAt: z.int().describe('Milliseconds since the epoch.'),
  })
  .meta({ id: 'InboxText' })

/** The development inbox: the newest mails and texts of a server without SMTP, shown to this machine and to admins only. */
export const inbox = contract({
  calls: {},
  topics: {},
  routes: {
    listInbox: {
      method: 'get',
      path: '/api/dev/inbox',
      tag: 'development',
      summary:
        'The newest 50 mails and 50 texts of a server that has no SMTP set; `not_found` where the inbox is not shown to you.',
      auth: 'any',
      scope: 'security',
      limit: { credits: 120, perMs: MINUTE_MS },
      errors: ['not_found'],
      status: 200,
      response: z.object({ mails: z.array(InboxMail), texts: z.array(InboxText) }),
    },
  },
})
