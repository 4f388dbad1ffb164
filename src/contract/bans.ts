import { z } from 'zod'
import { cleanLine } from '../core/text.ts'
import { DAY_MS, MINUTE_MS, SECOND_MS } from '../core/time.ts'
import { Handle } from './accounts.ts'
import { contract } from './define.ts'
import { Cursor, NextCursor, Person } from './social.ts'

/** As long as the field's longest time-out (Twitch: two weeks); beyond it, one bans. */
const TIMEOUT_MAX_MS = 14 * DAY_MS
/** A reason is a sentence, not a letter. */
const REASON_MAX = 200

export const Ban = z
  .object({
    account: Person,
    reason: z.string(),
    until: z.int().nullable().describe('Milliseconds since the epoch; null for ever.'),
    createdAt: z.int(),
  })
  .meta({ id: 'Ban' })

const streamId = z.uuid()
/** Exactly one of both names the account. */
const who = { accountId: z.uuid().optional(), handle: Handle.optional() }
const namesOne = ({ accountId, handle }: { accountId?: string | undefined; handle?: string | undefined }) =>
  (accountId === undefined) !== (handle === undefined)
const nameOne = { path: ['accountId'], message: 'Name the account by accountId or by handle.' }

/** A raid of a hundred accounts is put out within two minutes; nobody types faster. */
const moderating = { credits: 60, perMs: MINUTE_MS }

export const bans = contract({
  calls: {
    'channel:ban': {
      summary:
        'Put an account out of your channel (its live page, chat and picture), for a time or for ever. Banning it again changes reason and end. `conflict` where the account is your own.',
      auth: 'user',
      scope: 'streams:write',
      limit: moderating,
      errors: ['conflict', 'forbidden', 'not_found'],
      input: z
        .object({
          streamId,
          ...who,
          reason: z.string().overwrite(cleanLine).max(REASON_MAX).default(''),
          forMs: z
            .int()
            .min(SECOND_MS)
            .max(TIMEOUT_MAX_MS)
            .optional()
            .describe('A time-out of so many milliseconds; without it, for ever.'),
        })
        .refine(namesOne, nameOne),
      output: Ban,
    },
    'channel:unban': {
      summary: 'Let an account in again; doing it again changes nothing.',
      auth: 'user',
      scope: 'streams:write',
      limit: moderating,
      errors: ['forbidden', 'not_found'],
      input: z.object({ streamId, ...who }).refine(namesOne, nameOne),
      output: z.object({}),
    },
  },
  topics: {},
  routes: {
    listBans: {
      method: 'get',
      path: '/api/streams/{handle}/bans',
      tag: 'streams',
      summary: 'Who is banned from a channel of yours, the newest first; 50 a page.',
      auth: 'user',
      scope: 'account:read',
      limit: { credits: 240, perMs: MINUTE_MS },
      errors: ['forbidden', 'not_found'],
      params: z.object({ handle: Handle }),
      query: z.object({ cursor: Cursor.optional() }),
      status: 200,
      response: z.object({ bans: z.array(Ban), nextCursor: NextCursor }),
    },
  },
})
