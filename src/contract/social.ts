import { z } from 'zod'
import { MINUTE_MS } from '../core/time.ts'
import { Handle } from './accounts.ts'
import { contract } from './define.ts'
import { Picture } from './pictures.ts'

/** Somebody as others see them wherever a name stands. */
export const Person = z
  .object({ id: z.uuid(), handle: z.string(), displayName: z.string(), avatar: Picture.nullable() })
  .meta({ id: 'Person' })

/** Where the next page of a list begins; made by the server, meaningless to everybody else. */
export const Cursor = z
  .string()
  .max(120)
  .describe('`nextCursor` of the page before; without it the list begins with its newest entry.')

export const NextCursor = z.string().nullable().describe('Null where the list ends.')

const Profile = Person.extend({
  streamId: z.uuid().describe('The live page of this account.'),
  isVerified: z.boolean().describe('Whether the platform knows that this account is who it says it is.'),
  bio: z.string().describe('Plain text of several lines.'),
  location: z.string(),
  links: z.array(z.string()).describe('https addresses.'),
  cover: Picture.nullable(),
  followers: z.int().nonnegative(),
  following: z.int().nonnegative(),
  isFollowing: z.boolean().describe('Whether you follow this account; false for anonymous visitors.'),
  isPrivate: z
    .boolean()
    .describe('Beyond this, everything of the account is for followers whom it accepted.'),
  isRequested: z.boolean().describe('You have asked to follow this private account.'),
  isMuted: z.boolean().describe('You have muted this account.'),
  isBlocked: z.boolean().describe('You block this account; only staff see the profile of whom they block.'),
}).meta({ id: 'Profile' })

const ListedPerson = Person.extend({
  isFollowing: z.boolean().describe('Whether you follow this account; false for anonymous visitors.'),
}).meta({ id: 'ListedPerson' })

const FollowAnswer = z.object({
  isFollowing: z.boolean(),
  isRequested: z.boolean().describe('The account is private, and you wait for its answer.'),
  followers: z.int().nonnegative().describe('How many follow this account now.'),
})

const LikeAnswer = z.object({
  isLiked: z.boolean(),
  likes: z.int().nonnegative().describe('How many like this broadcast now.'),
})

/** Quick fingers change their mind; programs that collect followers are slowed down. */
const following = { credits: 60, perMs: MINUTE_MS }
const liking = { credits: 60, perMs: MINUTE_MS }
const reading = { credits: 240, perMs: MINUTE_MS }

const accountId = z.uuid()
const broadcastId = z.uuid()

const peoplePage = {
  method: 'get',
  tag: 'social',
  auth: 'any',
  scope: 'read',
  limit: reading,
  errors: ['not_found', 'forbidden'],
  params: z.object({ handle: Handle }),
  query: z.object({ cursor: Cursor.optional() }),
  status: 200,
  response: z.object({ people: z.array(ListedPerson), nextCursor: NextCursor }),
} as const

export const social = contract({
  calls: {
    'follow:add': {
      summary:
        'Follow an account, or ask a private one to be let in; doing it again changes nothing. `conflict` where the account is your own, `forbidden` where you have blocked it.',
      auth: 'user',
      scope: 'social:write',
      limit: following,
      errors: ['conflict', 'not_found', 'forbidden'],
      input: z.object({ accountId }),
      output: FollowAnswer,
    },
    'follow:remove': {
      summary: 'Follow an account no longer, or take your request back; doing it again changes nothing.',
      auth: 'user',
      scope: 'social:write',
      limit: following,
      errors: ['conflict', 'not_found', 'forbidden'],
      input: z.object({ accountId }),
      output: FollowAnswer,
    },
    'like:add': {
      summary: 'Like a broadcast; liking it again changes nothing.',
      auth: 'user',
      scope: 'social:write',
      limit: liking,
      errors: ['not_found', 'forbidden'],
      input: z.object({ broadcastId }),
      output: LikeAnswer,
    },
    'like:remove': {
      summary: 'Take your like of a broadcast back; doing it again changes nothing.',
      auth: 'user',
      scope: 'social:write',
      limit: liking,
      errors: ['not_found', 'forbidden'],
      input: z.object({ broadcastId }),
      output: LikeAnswer,
    },
  },
  topics: {
    'counters:account:{accountId}': {
      summary: 'How many follow an account.',
      class: 'latest',
      readScope: 'read',
      item: z.object({ followers: z.int().nonnegative() }),
    },
    'follow-answers:{userId}': {
      summary:
        'Private accounts that answered a request of somebody to follow them, as it happens; for that account alone.',
      class: 'live',
      readScope: 'account:read',
      item: z.object({
        accountId,
        isFollowing: z.boolean().describe('They were let in; else their request is declined.'),
      }),
    },
  },
  routes: {
    getProfile: {
      method: 'get',
      path: '/api/accounts/{handle}',
      tag: 'social',
      summary:
        'The profile of an account, as far as it is yours to see. `forbidden` with `{ reason: "blocked", account }` where you have blocked it.',
      auth: 'any',
      scope: 'read',
      limit: reading,
      errors: ['not_found', 'forbidden'],
      params: z.object({ handle: Handle }),
      status: 200,
      response: z.object({ profile: Profile }),
    },
    listFollowers: {
      ...peoplePage,
      path: '/api/accounts/{handle}/followers',
      summary:
        'Who follows an account, the newest first; 50 a page. `forbidden` with `{ reason: "private" }` where that is not yours to see.',
    },
    listFollowing: {
      ...peoplePage,
      path: '/api/accounts/{handle}/following',
      summary:
        'Whom an account follows, the newest first; 50 a page. `forbidden` with `{ reason: "private" }` where that is not yours to see.',
    },
  },
})
