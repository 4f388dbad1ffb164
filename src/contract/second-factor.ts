import { z } from 'zod'
import { cleanLine } from '../core/text.ts'
import { HOUR_MS, MINUTE_MS } from '../core/time.ts'
import { OneTimeToken, Remember, SessionKind, SignedIn } from './accounts.ts'
import { contract } from './define.ts'

/** Six digits, however they are grouped. */
const TotpCode = z
  .string()
  .overwrite((text) => text.replace(/\s/g, ''))
  .regex(/^\d{6}$/, 'The code has six digits.')
/** Sixteen letters and digits, with or without dashes. */
const BackupCode = z.string().trim().min(16).max(40)

const CodeProof = z.discriminatedUnion('method', [
  z.object({ method: z.literal('totp'), code: TotpCode }),
  z.object({ method: z.literal('backup_code'), code: BackupCode }),
])

const Empty = z.object({})
const Base64Url = z.string().regex(/^[\w-]+={0,2}$/)
/** What `navigator.credentials` takes and gives, as JSON (WebAuthn 3, 5.1.8 and 5.1.9). */
const Options = z.object({ options: z.looseObject({ challenge: z.string() }) })
const extensions = z.record(z.string(), z.unknown())
const attachment = z.enum(['platform', 'cross-platform']).optional()
const credential = { id: Base64Url, rawId: Base64Url, type: z.literal('public-key') }
const Registration = z
  .object({
    ...credential,
    response: z.object({
      clientDataJSON: Base64Url,
      attestationObject: Base64Url,
      transports: z.array(z.string().max(32)).max(8).optional(),
    }),
    clientExtensionResults: extensions,
    authenticatorAttachment: attachment,
  })
  .meta({ id: 'PasskeyRegistration' })
const Assertion = z
  .object({
    ...credential,
    response: z.object({
      clientDataJSON: Base64Url,
      authenticatorData: Base64Url,
      signature: Base64Url,
      userHandle: Base64Url.optional(),
    }),
    clientExtensionResults: extensions,
    authenticatorAttachment: attachment,
  })
  .meta({ id: 'PasskeyAssertion' })

const PasskeyName = z.string().overwrite(cleanLine).min(1).max(50)
const Passkey = z
  .object({
    id: z.uuid(),
    name: PasskeyName,
    isSynced: z.boolean().describe('Kept by a password manager, and so on more than one device.'),
    createdAt: z.int().describe('Milliseconds since the epoch.'),
    lastUsedAt: z.int().nullable().describe('Milliseconds since the epoch; null before its first use.'),
  })
  .meta({ id: 'Passkey' })
const BackupCodes = z.object({
  backupCodes: z.array(z.string()).describe('Shown this once; each works once.'),
})

const tag = 'second-factor'
const signInLimit = { credits: 20, perMs: 10 * MINUTE_MS }
const changeLimit = { credits: 30, perMs: HOUR_MS }

export const secondFactor = contract({
  calls: {},
  topics: {},
  routes: {
    finishSignIn: {
      method: 'post',
      path: '/api/auth/second-factor',
      tag,
      summary: 'Finish a sign-in that waits for a code of an authenticator app, or a backup code.',
      auth: 'any',
      scope: 'security',
      whileLeaving: true,
      limit: signInLimit,
      errors: ['expired', 'unauthenticated'],
      body: z.object({ ticket: OneTimeToken, proof: CodeProof, session: SessionKind }),
      status: 200,
      response: SignedIn,
    },
    secondFactorPasskeyOptions: {
      method: 'post',
      path: '/api/auth/second-factor/passkey-options',
      tag,
      summary: 'What to ask a passkey for, to finish a sign-in that waits for it.',
      auth: 'any',
      scope: 'security',
      whileLeaving: true,
      limit: signInLimit,
      errors: ['expired'],
      body: z.object({ ticket: OneTimeToken }),
      status: 200,
      response: Options,
    },
    finishSignInByPasskey: {
      method: 'post',
      path: '/api/auth/second-factor/passkey',
      tag,
      summary: 'Finish a sign-in that waits for a passkey.',
      auth: 'any',
      scope: 'security',
      whileLeaving: true,
      limit: signInLimit,
      errors: ['expired', 'unauthenticated'],
      body: z.object({ ticket: OneTimeToken, response: Assertion }),
      status: 200,
      response: SignedIn,
    },
    passkeySignInOptions: {
      method: 'post',
      path: '/api/auth/passkey-options',
      tag,
      summary: 'What to ask a passkey for, to sign in with nothing else.',
      auth: 'any',
      scope: 'security',
      whileLeaving: true,
      limit: { credits: 60, perMs: 10 * MINUTE_MS },
      errors: [],
      status: 200,
      response: Options,
    },
    signInByPasskey: {
      method: 'post',
      path: '/api/auth/passkey',
      tag,
      summary: 'Sign in with a passkey alone.',
      auth: 'any',
      scope: 'security',
      whileLeaving: true,
      limit: signInLimit,
      errors: ['expired', 'unauthenticated'],
      body: z.object({ response: Assertion, remember: Remember }),
      status: 200,
      response: SignedIn,
    },
    secondFactors: {
      method: 'get',
      path: '/api/account/second-factor',
      tag,
      summary: 'Whether two-step verification is on, and the passkeys of this account.',
      auth: 'user',
      scope: 'security',
      whileLeaving: true,
      limit: { credits: 120, perMs: MINUTE_MS },
      errors: [],
      status: 200,
      response: z.object({
        isOn: z.boolean(),
        isPasswordEnough: z
          .boolean()
          .describe(
            'False with two-step verification, and for staff with a passkey: a password alone neither signs in nor confirms.',
          ),
        backupCodesLeft: z.int(),
        passkeys: z.array(Passkey),
      }),
    },
    beginTotp: {
      method: 'post',
      path: '/api/account/totp',
      tag,
      summary: 'A secret for an authenticator app; nothing is on before its first code came.',
      auth: 'user',
      scope: 'security',
      stepUp: true,
      limit: changeLimit,
      errors: ['conflict'],
      status: 200,
      response: z.object({
        token: z.string(),
        secret: z.string().describe('Base 32, for typing it in.'),
        uri: z.string().describe('`otpauth://…`, for a QR code.'),
      }),
    },
    turnTotpOn: {
      method: 'post',
      path: '/api/account/totp/on',
      tag,
      summary: "Turn two-step verification on by the app's first code.",
      auth: 'user',
      scope: 'security',
      stepUp: true,
      limit: changeLimit,
      errors: ['conflict', 'expired'],
      body: z.object({ token: OneTimeToken, code: TotpCode }),
      status: 200,
      response: BackupCodes,
    },
    turnTotpOff: {
      method: 'delete',
      path: '/api/account/totp',
      tag,
      summary: 'Turn two-step verification off; its backup codes go too.',
      auth: 'user',
      scope: 'security',
      stepUp: true,
      limit: changeLimit,
      errors: [],
      status: 200,
      response: Empty,
    },
    renewBackupCodes: {
      method: 'post',
      path: '/api/account/backup-codes',
      tag,
      summary: 'New backup codes; the old ones stop working.',
      auth: 'user',
      scope: 'security',
      stepUp: true,
      limit: changeLimit,
      errors: ['conflict'],
      status: 200,
      response: BackupCodes,
    },
    passkeyRegistrationOptions: {
      method: 'post',
      path: '/api/account/passkey-options',
      tag,
      summary: 'What to ask a device for, to make a passkey.',
      auth: 'user',
      scope: 'security',
      stepUp: true,
      limit: changeLimit,
      errors: ['conflict'],
      status: 200,
      response: Options,
    },
    addPasskey: {
      method: 'post',
      path: '/api/account/passkeys',
      tag,
      summary: 'Register a passkey.',
      auth: 'user',
      scope: 'security',
      stepUp: true,
      limit: changeLimit,
      errors: ['conflict', 'expired'],
      body: z.object({ name: PasskeyName, response: Registration }),
      status: 201,
      response: z.object({ passkey: Passkey }),
    },
    renamePasskey: {
      method: 'patch',
      path: '/api/account/passkeys/{id}',
      tag,
      summary: 'Give a passkey another name.',
      auth: 'user',
      scope: 'security',
      limit: changeLimit,
      errors: ['not_found'],
      params: z.object({ id: z.uuid() }),
      body: z.object({ name: PasskeyName }),
      status: 200,
      response: z.object({ passkey: Passkey }),
    },
    removePasskey: {
      method: 'delete',
      path: '/api/account/passkeys/{id}',
      tag,
      summary: 'Remove a passkey; never the last way into the account.',
      auth: 'user',
      scope: 'security',
      stepUp: true,
      limit: changeLimit,
      errors: ['conflict', 'not_found'],
      params: z.object({ id: z.uuid() }),
      status: 200,
      response: Empty,
    },
    confirmByCode: {
      method: 'post',
      path: '/api/account/confirm/code',
      tag,
      summary: 'Confirm this login session by a code, for what asks who you are.',
      auth: 'user',
      scope: 'security',
      whileLeaving: true,
      limit: signInLimit,
      errors: [],
      body: z.object({ proof: CodeProof }),
      status: 200,
      response: Empty,
    },
    confirmPasskeyOptions: {
      method: 'post',
      path: '/api/account/confirm/passkey-options',
      tag,
      summary: 'What to ask a passkey for, to confirm this login session.',
      auth: 'user',
      scope: 'security',
      whileLeaving: true,
      limit: signInLimit,
      errors: [],
      status: 200,
      response: Options,
    },
    confirmByPasskey: {
      method: 'post',
      path: '/api/account/confirm/passkey',
      tag,
      summary: 'Confirm this login session by a passkey.',
      auth: 'user',
      scope: 'security',
      whileLeaving: true,
      limit: signInLimit,
      errors: ['expired'],
      body: z.object({ response: Assertion }),
      status: 200,
      response: Empty,
    },
  },
})
