import { z } from 'zod'
import { TOKEN_SCOPES } from '../core/access/scopes.ts'
import { cleanLine } from '../core/text.ts'
import { MINUTE_MS } from '../core/time.ts'
import { contract } from './define.ts'

const Scope = z
  .enum(TOKEN_SCOPES)
  .describe(
    '`read`: what is public, and what you may see · `chat:write`: lines of chat · `streams:write`: your broadcasts and your channel · `videos:write`: your videos, and uploading them · `social:write`: follows and likes · `account:read`: your account, feed and notifications',
  )

const ApiToken = z
  .object({
    id: z.uuid(),
    name: z.string(),
    scopes: z.array(Scope),
    hint: z.string().describe('The last characters of the token.'),
    createdAt: z.int().describe('Milliseconds since the epoch, as all times here.'),
    expiresAt: z.int(),
    lastUsedAt: z.int().nullable().describe('To the minute; null for never.'),
  })
  .meta({ id: 'ApiToken' })

/** A year, as the field's longest (GitHub recommends far less); a token for ever is one that nobody remembers. */
export const TOKEN_DAYS_MAX = 366

/** Personal API tokens. Only a login session may make, list and revoke them. */
export const tokens = contract({
  calls: {},
  topics: {},
  routes: {
    listTokens: {
      method: 'get',
      path: '/api/account/tokens',
      tag: 'accounts',
      summary: 'Your API tokens, the newest first; 50 at most, as nobody may have more.',
      auth: 'user',
      scope: 'security',
      limit: { credits: 120, perMs: MINUTE_MS },
      errors: ['forbidden'],
      status: 200,
      response: z.object({ tokens: z.array(ApiToken) }),
    },
    createToken: {
      method: 'post',
      path: '/api/account/tokens',
      tag: 'accounts',
      summary:
        'Make an API token: send it as `Authorization: Bearer sf_pat_…`. It is shown this once. `conflict` where you have 50.',
      auth: 'user',
      // Not `security`: whoever is suspended needs no new programs.
      scope: 'login',
      stepUp: true,
      limit: { credits: 20, perMs: 10 * MINUTE_MS },
      errors: ['forbidden', 'conflict'],
      body: z.strictObject({
        name: z.string().overwrite(cleanLine).min(1).max(60),
        scopes: z.array(Scope).min(1).max(TOKEN_SCOPES.length),
        expiresInDays: z.int().min(1).max(TOKEN_DAYS_MAX),
      }),
      status: 201,
      response: z.object({ token: z.string(), details: ApiToken }),
    },
    revokeToken: {
      method: 'delete',
      path: '/api/account/tokens/{tokenId}',
      tag: 'accounts',
      summary: 'End an API token of yours; its sockets are closed.',
      auth: 'user',
      scope: 'security',
      limit: { credits: 60, perMs: MINUTE_MS },
      errors: ['forbidden', 'not_found'],
      params: z.object({ tokenId: z.uuid() }),
      status: 200,
      response: z.object({}),
    },
  },
})
