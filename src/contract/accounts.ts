import { z } from 'zod'
import { cleanLine } from '../core/text.ts'
import { MINUTE_MS } from '../core/time.ts'
import { contract } from './define.ts'

/** Lower-case, so that no two people differ by case only; 3–24 as the field has it. */
export const Handle = z
  .string()
  .trim()
  .toLowerCase()
  .regex(
    /^[a-z0-9](?:[a-z0-9_]{1,22})[a-z0-9]$/,
    'Use 3 to 24 letters, digits or underscores; begin and end with a letter or digit.',
  )
  .describe('Unique name in addresses: 3 to 24 lower-case letters, digits or underscores.')

const DisplayName = z.string().overwrite(cleanLine).min(1).max(50)
const Email = z
  .string()
  .trim()
  .toLowerCase()
  .max(254)
  .pipe(z.email())
  .describe('Mail address; compared in lower case.')
/** 10 at least (NIST SP 800-63B asks for 8), 200 at most to bound the hashing work. */
const Password = z.string().min(10).max(200)
const OneTimeToken = z.string().min(20).max(200)

export const Role = z.enum(['member', 'moderator', 'admin'])

export const Account = z
  .object({
    id: z.uuid(),
    handle: Handle,
    displayName: DisplayName,
    role: Role,
    streamId: z.uuid().describe('The live page of this account.'),
    hasPassword: z.boolean().describe('False for an account that so far only a login link opens.'),
  })
  .meta({ id: 'Account' })

const SignedIn = z
  .object({
    account: Account,
    bearer: z
      .string()
      .optional()
      .describe('Only where `session` was `bearer`: send it as `Authorization: Bearer …`.'),
  })
  .meta({ id: 'SignedIn' })

const SessionKind = z
  .enum(['cookie', 'bearer'])
  .default('cookie')
  .describe('`cookie` for browsers, `bearer` for everything else.')

const Empty = z.object({})

export const accounts = contract({
  calls: {},
  topics: {},
  routes: {
    register: {
      method: 'post',
      path: '/api/auth/register',
      tag: 'accounts',
      summary:
        'Make an account; a mail with a verification link follows. An address in use gets the same answer.',
      auth: 'any',
      scope: 'security',
      limit: { credits: 10, perMs: 10 * MINUTE_MS },
      errors: ['conflict'],
      body: z.object({ handle: Handle, displayName: DisplayName, email: Email, password: Password }),
      status: 202,
      response: Empty,
    },
    verify: {
      method: 'post',
      path: '/api/auth/verify',
      tag: 'accounts',
      summary: 'Redeem the token of a verification mail and sign in.',
      auth: 'any',
      scope: 'security',
      limit: { credits: 20, perMs: 10 * MINUTE_MS },
      errors: ['expired', 'forbidden'],
      body: z.object({ token: OneTimeToken, session: SessionKind }),
      status: 200,
      response: SignedIn,
    },
    resend: {
      method: 'post',
      path: '/api/auth/resend',
      tag: 'accounts',
      summary:
        'Send the verification mail again. The answer is the same whether the address is known or not.',
      auth: 'any',
      scope: 'security',
      limit: { credits: 3, perMs: 10 * MINUTE_MS },
      errors: [],
      body: z.object({ email: Email }),
      status: 202,
      response: Empty,
    },
    signIn: {
      method: 'post',
      path: '/api/auth/sign-in',
      tag: 'accounts',
      summary: 'Sign in with mail address and password.',
      auth: 'any',
      scope: 'security',
      limit: { credits: 20, perMs: 10 * MINUTE_MS },
      errors: ['forbidden', 'unauthenticated'],
      body: z.object({ email: Email, password: z.string().min(1).max(200), session: SessionKind }),
      status: 200,
      response: SignedIn,
    },
    signInByLink: {
      method: 'post',
      path: '/api/auth/link',
      tag: 'accounts',
      summary: 'Redeem a one-time login link.',
      auth: 'any',
      scope: 'security',
      limit: { credits: 20, perMs: 10 * MINUTE_MS },
      errors: ['expired', 'forbidden'],
      body: z.object({ token: OneTimeToken, session: SessionKind }),
      status: 200,
      response: SignedIn,
    },
    signOut: {
      method: 'post',
      path: '/api/auth/sign-out',
      tag: 'accounts',
      summary: 'End this login session.',
      auth: 'any',
      scope: 'security',
      limit: { credits: 30, perMs: MINUTE_MS },
      errors: [],
      status: 200,
      response: Empty,
    },
    setCredentials: {
      method: 'put',
      path: '/api/account/credentials',
      tag: 'accounts',
      summary: 'Give an account that has none yet a mail address and a password.',
      auth: 'user',
      scope: 'security',
      limit: { credits: 10, perMs: 10 * MINUTE_MS },
      errors: ['conflict'],
      body: z.object({ email: Email, password: Password }),
      status: 200,
      response: z.object({ account: Account }),
    },
    me: {
      method: 'get',
      path: '/api/me',
      tag: 'accounts',
      summary: 'Who is signed in; null for an anonymous visitor.',
      auth: 'any',
      scope: 'account:read',
      limit: { credits: 240, perMs: MINUTE_MS },
      errors: [],
      status: 200,
      response: z.object({
        account: Account.nullable(),
        suspension: z
          .object({ reason: z.string(), until: z.int().nullable() })
          .nullable()
          .describe('While staff keeps the account from acting: why, and until when (null for ever).'),
      }),
    },
    socketToken: {
      method: 'post',
      path: '/api/socket-token',
      tag: 'accounts',
      summary: 'A short-lived token that admits one socket, for an account or an anonymous visitor.',
      auth: 'any',
      scope: 'any',
      limit: { credits: 120, perMs: MINUTE_MS },
      errors: ['foreign_origin'],
      status: 200,
      response: z.object({
        token: z.string(),
        expiresAt: z.int().describe('Milliseconds since the epoch.'),
        viewerId: z.string().describe('The account id, or `anon:…` for an anonymous visitor.'),
      }),
    },
  },
})
