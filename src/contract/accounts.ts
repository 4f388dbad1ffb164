import { z } from 'zod'
import { cleanLine, plainPhone } from '../core/text.ts'
import { MINUTE_MS } from '../core/time.ts'
import { contract } from './define.ts'
import { Picture } from './pictures.ts'

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

export const DisplayName = z.string().overwrite(cleanLine).min(1).max(50)
const Email = z
  .string()
  .trim()
  .toLowerCase()
  .max(254)
  .pipe(z.email())
  .describe('Mail address; compared in lower case.')
/** 10 at least (NIST SP 800-63B asks for 8), 200 at most to bound the hashing work. */
const Password = z
  .string()
  .min(10)
  .max(200)
  .describe('10 to 200 characters; common ones and words of the place are refused (`invalid_input`).')
const Phone = z
  .string()
  .trim()
  .max(40)
  .overwrite(plainPhone)
  .regex(/^\+[1-9]\d{6,14}$/, 'Write the number with its country code, such as +49 30 123456.')
  .describe('Telephone number with its country code (E.164); spaces, brackets and hyphens are left out.')
const PhoneCode = z
  .string()
  .trim()
  .regex(/^\d{6}$/, 'The code has six digits.')
/** One of the two ways to name an account that its owner proved. */
const contactFields = { email: Email.optional(), phone: Phone.optional() }
const hasOneContact = ({ email, phone }: { email?: unknown; phone?: unknown }) =>
  (email === undefined) !== (phone === undefined)
const ONE_CONTACT = { message: 'Send either a mail address or a telephone number.', path: ['email'] }
export const OneTimeToken = z.string().min(20).max(200)

export const Role = z.enum(['member', 'moderator', 'admin'])

export const Account = z
  .object({
    id: z.uuid(),
    handle: Handle,
    displayName: DisplayName,
    avatar: Picture.nullable(),
    role: Role,
    streamId: z.uuid().describe('The live page of this account.'),
    hasPassword: z.boolean().describe('False for an account that so far only a login link opens.'),
  })
  .meta({ id: 'Account' })

export const SignedIn = z
  .object({
    account: Account,
    bearer: z
      .string()
      .optional()
      .describe('Only where `session` was `bearer`: send it as `Authorization: Bearer …`.'),
  })
  .meta({ id: 'SignedIn' })

export const SessionKind = z
  .enum(['cookie', 'bearer'])
  .default('cookie')
  .describe('`cookie` for browsers, `bearer` for everything else.')

export const Remember = z
  .boolean()
  .default(true)
  .describe(
    'False on somebody else’s computer: the session ends with the browser, and after a day without use.',
  )
/** What every way of signing in takes besides its own proof. */
const signInFields = { session: SessionKind, remember: Remember }

const LoginSession = z
  .object({
    id: z.uuid().describe('Names the session in this list; opens nothing.'),
    isCurrent: z.boolean().describe('The one that asked.'),
    isLasting: z.boolean().describe('False: it ends with the browser, and after a day without use.'),
    browser: z.string().nullable().describe('As the browser names itself, such as `Firefox`.'),
    system: z.string().nullable().describe('Such as `Windows` or `Android`.'),
    device: z.enum(['computer', 'phone', 'tablet', 'tv', 'unknown']),
    network: z
      .string()
      .nullable()
      .describe('The network around the address of the last use: `203.0.113.0/24`, `2001:db8:1::/48`.'),
    createdAt: z.int().describe('Milliseconds since the epoch.'),
    lastUsedAt: z.int().describe('Milliseconds since the epoch, to within five minutes.'),
    expiresAt: z.int().describe('Milliseconds since the epoch; moves on with use.'),
  })
  .meta({ id: 'LoginSession' })

const Contacts = z
  .object({
    email: z.string().nullable(),
    phone: z.string().nullable(),
    pendingEmail: z.string().nullable().describe('Waits for the link that was sent there.'),
    pendingPhone: z.string().nullable().describe('Waits for the code that was sent there.'),
  })
  .meta({ id: 'Contacts' })

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
        'Make an account; a mail with a verification link follows, or a text with a code. A contact in use gets the same answer.',
      auth: 'any',
      scope: 'security',
      limit: { credits: 10, perMs: 10 * MINUTE_MS },
      errors: ['conflict'],
      body: z
        .object({ handle: Handle, displayName: DisplayName, ...contactFields, password: Password })
        .refine(hasOneContact, ONE_CONTACT),
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
      whileLeaving: true,
      limit: { credits: 20, perMs: 10 * MINUTE_MS },
      errors: ['expired', 'forbidden'],
      body: z.object({ token: OneTimeToken, ...signInFields }),
      status: 200,
      response: SignedIn,
    },
    verifyByCode: {
      method: 'post',
      path: '/api/auth/verify-phone',
      tag: 'accounts',
      summary: 'Prove the telephone number of a new account by the code that was sent there, and sign in.',
      auth: 'any',
      scope: 'security',
      whileLeaving: true,
      limit: { credits: 20, perMs: 10 * MINUTE_MS },
      errors: ['expired', 'forbidden'],
      body: z.object({ phone: Phone, code: PhoneCode, ...signInFields }),
      status: 200,
      response: SignedIn,
    },
    resend: {
      method: 'post',
      path: '/api/auth/resend',
      tag: 'accounts',
      summary:
        'Send the verification mail or text again. The answer is the same whether the contact is known or not.',
      auth: 'any',
      scope: 'security',
      limit: { credits: 3, perMs: 10 * MINUTE_MS },
      errors: [],
      body: z.object(contactFields).refine(hasOneContact, ONE_CONTACT),
      status: 202,
      response: Empty,
    },
    signIn: {
      method: 'post',
      path: '/api/auth/sign-in',
      tag: 'accounts',
      summary: 'Sign in with mail address or telephone number and password.',
      auth: 'any',
      scope: 'security',
      whileLeaving: true,
      limit: { credits: 20, perMs: 10 * MINUTE_MS },
      errors: ['forbidden', 'unauthenticated', 'second_factor_required'],
      body: z
        .object({ ...contactFields, password: z.string().min(1).max(200), ...signInFields })
        .refine(hasOneContact, ONE_CONTACT),
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
      whileLeaving: true,
      limit: { credits: 20, perMs: 10 * MINUTE_MS },
      errors: ['expired', 'forbidden', 'second_factor_required'],
      body: z.object({ token: OneTimeToken, ...signInFields }),
      status: 200,
      response: SignedIn,
    },
    forgotPassword: {
      method: 'post',
      path: '/api/auth/forgot',
      tag: 'accounts',
      summary:
        'Send a link that sets a new password. The answer is the same whether the contact is known or not.',
      auth: 'any',
      scope: 'security',
      whileLeaving: true,
      limit: { credits: 5, perMs: 10 * MINUTE_MS },
      errors: [],
      body: z.object(contactFields).refine(hasOneContact, ONE_CONTACT),
      status: 202,
      response: Empty,
    },
    resetPassword: {
      method: 'post',
      path: '/api/auth/reset',
      tag: 'accounts',
      summary: 'Redeem such a link: set the password, end all login sessions, and sign in.',
      auth: 'any',
      scope: 'security',
      whileLeaving: true,
      limit: { credits: 20, perMs: 10 * MINUTE_MS },
      errors: ['expired', 'forbidden', 'second_factor_required'],
      body: z.object({ token: OneTimeToken, password: Password, ...signInFields }),
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
      whileLeaving: true,
      limit: { credits: 30, perMs: MINUTE_MS },
      errors: [],
      status: 200,
      response: Empty,
    },
    confirm: {
      method: 'post',
      path: '/api/account/confirm',
      tag: 'accounts',
      summary:
        'Prove by password that it is you, for what asks `confirm_required`; holds for 15 minutes. `forbidden` with `{ reason: "second_factor" }` where two-step verification is on: a code or a passkey does it then.',
      auth: 'user',
      scope: 'security',
      whileLeaving: true,
      limit: { credits: 20, perMs: 10 * MINUTE_MS },
      errors: ['forbidden'],
      body: z.object({ password: z.string().min(1).max(200) }),
      status: 200,
      response: Empty,
    },
    listSessions: {
      method: 'get',
      path: '/api/account/sessions',
      tag: 'accounts',
      summary: 'Your login sessions, last used first.',
      auth: 'user',
      scope: 'security',
      whileLeaving: true,
      limit: { credits: 120, perMs: MINUTE_MS },
      errors: [],
      status: 200,
      response: z.object({ sessions: z.array(LoginSession) }),
    },
    endSession: {
      method: 'delete',
      path: '/api/account/sessions/{id}',
      tag: 'accounts',
      summary: 'End one of your login sessions; its open sockets close.',
      auth: 'user',
      scope: 'security',
      whileLeaving: true,
      limit: { credits: 60, perMs: MINUTE_MS },
      errors: ['not_found'],
      params: z.object({ id: z.uuid() }),
      status: 200,
      response: Empty,
    },
    endOtherSessions: {
      method: 'delete',
      path: '/api/account/sessions',
      tag: 'accounts',
      summary: 'End all of your login sessions but this one.',
      auth: 'user',
      scope: 'security',
      whileLeaving: true,
      stepUp: true,
      limit: { credits: 30, perMs: MINUTE_MS },
      errors: [],
      status: 200,
      response: z.object({ ended: z.int().nonnegative() }),
    },
    changePassword: {
      method: 'put',
      path: '/api/account/password',
      tag: 'accounts',
      summary: 'Change the password, knowing the present one; all other login sessions end.',
      auth: 'user',
      scope: 'security',
      limit: { credits: 20, perMs: 10 * MINUTE_MS },
      errors: ['forbidden'],
      body: z.object({ current: z.string().min(1).max(200), password: Password }),
      status: 200,
      response: Empty,
    },
    getContacts: {
      method: 'get',
      path: '/api/account/contacts',
      tag: 'accounts',
      summary: 'Your mail address and telephone number, and those that wait for their proof.',
      auth: 'user',
      scope: 'security',
      limit: { credits: 120, perMs: MINUTE_MS },
      errors: [],
      status: 200,
      response: Contacts,
    },
    changeEmail: {
      method: 'put',
      path: '/api/account/email',
      tag: 'accounts',
      summary:
        'Ask for another mail address; it holds once the link sent there is opened. An address in use gets the same answer.',
      auth: 'user',
      scope: 'security',
      stepUp: true,
      limit: { credits: 10, perMs: 10 * MINUTE_MS },
      errors: [],
      body: z.object({ email: Email }),
      status: 202,
      response: Empty,
    },
    confirmEmail: {
      method: 'post',
      path: '/api/auth/confirm-email',
      tag: 'accounts',
      summary: 'Redeem the link sent to a new mail address; the former one is told, with a link to undo it.',
      auth: 'any',
      scope: 'security',
      limit: { credits: 20, perMs: 10 * MINUTE_MS },
      errors: ['expired', 'conflict'],
      body: z.object({ token: OneTimeToken }),
      status: 200,
      response: Empty,
    },
    undoEmail: {
      method: 'post',
      path: '/api/auth/undo-email',
      tag: 'accounts',
      summary:
        'Take a change of mail address back: the former one holds again, all login sessions end, and a link to set a new password is sent there.',
      auth: 'any',
      scope: 'security',
      whileLeaving: true,
      limit: { credits: 20, perMs: 10 * MINUTE_MS },
      errors: ['expired', 'conflict'],
      body: z.object({ token: OneTimeToken }),
      status: 200,
      response: Empty,
    },
    changePhone: {
      method: 'put',
      path: '/api/account/phone',
      tag: 'accounts',
      summary:
        'Ask for a telephone number, or another one; it holds once the code sent there is entered. A number in use gets the same answer.',
      auth: 'user',
      scope: 'security',
      stepUp: true,
      limit: { credits: 10, perMs: 10 * MINUTE_MS },
      errors: [],
      body: z.object({ phone: Phone }),
      status: 202,
      response: Empty,
    },
    verifyPhone: {
      method: 'post',
      path: '/api/account/phone/verify',
      tag: 'accounts',
      summary: 'Enter the code that was sent to the number; five tries within ten minutes.',
      auth: 'user',
      scope: 'security',
      limit: { credits: 20, perMs: 10 * MINUTE_MS },
      errors: ['expired', 'conflict'],
      body: z.object({ code: PhoneCode }),
      status: 200,
      response: Empty,
    },
    removePhone: {
      method: 'delete',
      path: '/api/account/phone',
      tag: 'accounts',
      summary: 'Take the telephone number away; refused where nothing else leads into the account.',
      auth: 'user',
      scope: 'security',
      stepUp: true,
      limit: { credits: 10, perMs: 10 * MINUTE_MS },
      errors: ['conflict'],
      status: 200,
      response: Empty,
    },
    setCredentials: {
      method: 'put',
      path: '/api/account/credentials',
      tag: 'accounts',
      summary: 'Give the first admin, who came by a login link, a mail address and a password.',
      auth: 'user',
      scope: 'security',
      limit: { credits: 10, perMs: 10 * MINUTE_MS },
      errors: ['conflict', 'forbidden'],
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
      // It must learn that it is one.
      whileLeaving: true,
      limit: { credits: 240, perMs: MINUTE_MS },
      errors: [],
      status: 200,
      response: z.object({
        account: Account.nullable(),
        suspension: z
          .object({ reason: z.string(), until: z.int().nullable() })
          .nullable()
          .describe('While staff keeps the account from acting: why, and until when (null for ever).'),
        deletion: z
          .object({ eraseAt: z.int() })
          .nullable()
          .describe('While the account waits to be deleted: when that begins. Until then it can be undone.'),
        needsSecondFactor: z
          .boolean()
          .describe(
            'The role gives no rights before two-step verification or a passkey is set up (STAFF_SECOND_FACTOR).',
          ),
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
