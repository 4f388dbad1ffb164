import { z } from 'zod'
import { HOUR_MS, MINUTE_MS } from '../core/time.ts'
import { Account, DisplayName, Handle, OneTimeToken, Remember, SignedIn } from './accounts.ts'
import { contract } from './define.ts'

export const ProviderId = z.enum(['google', 'facebook', 'twitter', 'github', 'oidc'])

export const ConnectedAccount = z
  .object({
    provider: ProviderId,
    name: z.string().nullable().describe('What the account is called there.'),
    connectedAt: z.int().describe('Milliseconds since the epoch.'),
  })
  .meta({ id: 'ConnectedAccount' })

const Way = z.object({
  url: z.url().describe('Where the browser goes; it comes back to `/oauth/{provider}`.'),
})
const params = z.object({ provider: ProviderId })
const tag = 'oauth'
const startLimit = { credits: 30, perMs: 10 * MINUTE_MS }

export const oauth = contract({
  calls: {},
  topics: {},
  routes: {
    oauthProviders: {
      method: 'get',
      path: '/api/auth/oauth',
      tag,
      summary: 'The providers that this server lets people sign in with.',
      auth: 'any',
      scope: 'security',
      whileLeaving: true,
      limit: { credits: 240, perMs: MINUTE_MS },
      errors: [],
      status: 200,
      response: z.object({ providers: z.array(z.object({ id: ProviderId, name: z.string() })) }),
    },
    startOAuth: {
      method: 'post',
      path: '/api/auth/oauth/{provider}/start',
      tag,
      summary: 'Begin to sign in with a provider. The attempt belongs to this browser.',
      auth: 'any',
      scope: 'security',
      whileLeaving: true,
      limit: startLimit,
      errors: ['not_found'],
      params,
      body: z.object({ remember: Remember }),
      status: 200,
      response: Way,
    },
    finishOAuth: {
      method: 'post',
      path: '/api/auth/oauth/{provider}/finish',
      tag,
      summary:
        'End an attempt with what the provider sent back: signed in, connected, or a handle to choose.',
      auth: 'any',
      scope: 'security',
      whileLeaving: true,
      limit: startLimit,
      errors: ['conflict', 'expired', 'not_found', 'second_factor_required', 'unauthenticated'],
      params,
      body: z.object({
        // Providers' codes have up to a few hundred characters; Facebook's are the longest.
        code: z.string().min(1).max(4096),
        state: OneTimeToken,
        iss: z.string().max(500).optional().describe('RFC 9207.'),
      }),
      status: 200,
      response: z.discriminatedUnion('outcome', [
        z.object({ outcome: z.literal('signed_in'), account: Account }),
        z.object({
          outcome: z.literal('sign_up'),
          ticket: z.string(),
          displayName: z.string().describe('A suggestion; may be empty.'),
          handle: z.string().describe('A suggestion; may be empty, taken or no handle at all.'),
          email: z.string().nullable().describe('The address that the provider verified.'),
        }),
        z.object({ outcome: z.literal('linked') }),
      ]),
    },
    signUpByOAuth: {
      method: 'post',
      path: '/api/auth/oauth/sign-up',
      tag,
      summary: 'Make the account that a provider opens from now on, and sign in.',
      auth: 'any',
      scope: 'security',
      limit: { credits: 20, perMs: 10 * MINUTE_MS },
      errors: ['conflict', 'expired'],
      body: z.object({ ticket: OneTimeToken, handle: Handle, displayName: DisplayName }),
      status: 201,
      response: SignedIn,
    },
    connectedAccounts: {
      method: 'get',
      path: '/api/account/oauth',
      tag,
      summary: 'The accounts elsewhere that open this one.',
      auth: 'user',
      scope: 'security',
      limit: { credits: 120, perMs: MINUTE_MS },
      errors: [],
      status: 200,
      response: z.object({ accounts: z.array(ConnectedAccount) }),
    },
    connectAccount: {
      method: 'post',
      path: '/api/account/oauth/{provider}/start',
      tag,
      summary: 'Begin to connect an account elsewhere with this one.',
      auth: 'user',
      scope: 'security',
      stepUp: true,
      limit: startLimit,
      errors: ['not_found'],
      params,
      status: 200,
      response: Way,
    },
    disconnectAccount: {
      method: 'delete',
      path: '/api/account/oauth/{provider}',
      tag,
      summary: 'Disconnect an account elsewhere; never the last way into the account.',
      auth: 'user',
      scope: 'security',
      stepUp: true,
      limit: { credits: 30, perMs: HOUR_MS },
      errors: ['conflict', 'not_found'],
      params,
      status: 200,
      response: z.object({}),
    },
  },
})
