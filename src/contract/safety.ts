import { z } from 'zod'
import { MINUTE_MS } from '../core/time.ts'
import { contract } from './define.ts'
import { Cursor, NextCursor, Person } from './social.ts'

export const Audience = z
  .enum(['everyone', 'followers', 'nobody'])
  .describe('Who may do something that reaches you. You always may, and so may staff.')

export const Privacy = z
  .object({
    isPrivate: z
      .boolean()
      .describe(
        'Beyond name and counts, the account is for followers whom it accepted. Turned off, it accepts everybody who waits.',
      ),
    comments: Audience.describe('Who may write in the chat of your stream.'),
    mentions: Audience.describe('Who may mention you.'),
    messages: Audience.describe('Who may write to you.'),
  })
  .meta({ id: 'Privacy' })

const accountId = z.uuid()
const oneAccount = z.object({ accountId })
const Nothing = z.object({})

/** As often as one follows; a raid of fifty accounts is blocked in a minute. */
const deciding = { credits: 60, perMs: MINUTE_MS }
const reading = { credits: 240, perMs: MINUTE_MS }

const Since = Person.extend({ createdAt: z.int().describe('Milliseconds since the epoch.') }).meta({
  id: 'PersonSince',
})

const ownList = {
  method: 'get',
  tag: 'safety',
  auth: 'user',
  scope: 'account:read',
  limit: reading,
  errors: [],
  query: z.object({ cursor: Cursor.optional() }),
  status: 200,
  response: z.object({ people: z.array(Since), nextCursor: NextCursor }),
} as const

export const safety = contract({
  calls: {
    'block:add': {
      summary:
        'Block an account: neither of you sees or reaches the other, follows and requests between you end. Blocking it again changes nothing. `conflict` where it is your own, or you block as many as one may.',
      auth: 'user',
      scope: 'social:write',
      limit: deciding,
      errors: ['conflict', 'not_found'],
      input: oneAccount,
      output: z.object({ isBlocked: z.boolean() }),
    },
    'block:remove': {
      summary: 'Block an account no longer; follows that ended do not come back.',
      auth: 'user',
      scope: 'social:write',
      limit: deciding,
      errors: [],
      input: oneAccount,
      output: z.object({ isBlocked: z.boolean() }),
    },
    'mute:add': {
      summary:
        'Hear nothing of an account any more: no notifications, nothing on your home page and in your feed, no lines of its in chats. Nobody else can tell. `conflict` as with a block.',
      auth: 'user',
      scope: 'social:write',
      limit: deciding,
      errors: ['conflict', 'not_found'],
      input: oneAccount,
      output: z.object({ isMuted: z.boolean() }),
    },
    'mute:remove': {
      summary: 'Mute an account no longer.',
      auth: 'user',
      scope: 'social:write',
      limit: deciding,
      errors: [],
      input: oneAccount,
      output: z.object({ isMuted: z.boolean() }),
    },
    'follow-request:accept': {
      summary:
        'Let somebody follow you who asked; accepting again changes nothing. `not_found` where they do not ask (any more).',
      auth: 'user',
      scope: 'social:write',
      limit: deciding,
      errors: ['not_found'],
      input: oneAccount,
      output: Nothing,
    },
    'follow-request:decline': {
      summary: 'Let a request go unanswered for good; they may ask again. Doing it again changes nothing.',
      auth: 'user',
      scope: 'social:write',
      limit: deciding,
      errors: [],
      input: oneAccount,
      output: Nothing,
    },
  },
  topics: {},
  routes: {
    getPrivacy: {
      method: 'get',
      path: '/api/account/privacy',
      tag: 'safety',
      summary: 'What your account shows to whom.',
      auth: 'user',
      scope: 'account:read',
      limit: reading,
      errors: [],
      status: 200,
      response: z.object({ privacy: Privacy }),
    },
    setPrivacy: {
      method: 'put',
      path: '/api/account/privacy',
      tag: 'safety',
      summary:
        'Change what your account shows to whom. Present followers stay; everybody else is put out of what is private at once.',
      auth: 'user',
      scope: 'security',
      limit: { credits: 30, perMs: MINUTE_MS },
      errors: [],
      body: Privacy,
      status: 200,
      response: z.object({ privacy: Privacy }),
    },
    listBlocks: {
      ...ownList,
      path: '/api/account/blocks',
      summary: 'Whom you block, the newest first; 50 a page.',
    },
    listMutes: {
      ...ownList,
      path: '/api/account/mutes',
      summary: 'Whom you have muted, the newest first; 50 a page.',
    },
    listFollowRequests: {
      ...ownList,
      path: '/api/account/follow-requests',
      summary: 'Who asks to follow you, the newest first; 50 a page.',
    },
    listHidden: {
      method: 'get',
      path: '/api/account/hidden',
      tag: 'safety',
      summary:
        'Ids of all accounts that you block or have muted: rooms that everybody shares are pushed with their lines, which clients leave out.',
      auth: 'user',
      scope: 'account:read',
      limit: reading,
      errors: [],
      status: 200,
      response: z.object({ accountIds: z.array(accountId) }),
    },
  },
})
