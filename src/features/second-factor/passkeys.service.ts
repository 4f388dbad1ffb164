import {
  type AuthenticationResponseJSON,
  generateAuthenticationOptions,
  generateRegistrationOptions,
  type PublicKeyCredentialCreationOptionsJSON,
  type PublicKeyCredentialRequestOptionsJSON,
  type RegistrationResponseJSON,
} from '@simplewebauthn/server'
import { AppError } from '../../core/errors.ts'
import { newId } from '../../core/ids.ts'
import { type Clock, MINUTE_MS } from '../../core/time.ts'
import type { LoginSessions } from '../../infra/access/login-sessions.ts'
import type { PendingKind, PendingSteps } from '../../infra/access/pending-steps.ts'
import { tellingRights } from '../../infra/access/rights/account-rights.ts'
import { requireAnotherWayIn } from '../../infra/access/ways-in.ts'
import type { Database } from '../../infra/db.ts'
import type { AccountsService, Arrival, SignedIn } from '../accounts/accounts.service.ts'
import { challengeOf, type PasskeyRow, type Site, verifyAssertion, verifyNew } from './passkeys.proof.ts'
import * as repo from './second-factor.repo.ts'
import type { Held } from './second-factor.service.ts'

export type { Site } from './passkeys.proof.ts'
export type PasskeyView = {
  id: string
  name: string
  /** It is kept by a password manager and so on more than one device. */
  isSynced: boolean
  createdAt: number
  lastUsedAt: number | null
}

/** Where a ceremony takes place: the site that the browser shows, and the browser itself with what else is known of it. */
export type Place = { site: Site; arrival: Arrival }

/**
 * Passkeys (WebAuthn). Each ceremony begins with options that have a challenge, which is good once, for some minutes, in
 * the browser that asked; it ends with the browser's response. Responses that do not fit throw `unauthenticated`,
 * challenges that are gone `expired`.
 */
export type PasskeysService = {
  list(userId: string): Promise<PasskeyView[]>
  registrationOptions(userId: string, place: Place): Promise<PublicKeyCredentialCreationOptionsJSON>
  /** Throws `conflict` where it is registered already, or there are too many. */
  register(
    userId: string,
    input: { name: string; response: RegistrationResponseJSON },
    place: Place,
  ): Promise<PasskeyView>
  /** Throws `not_found`. */
  rename(userId: string, id: string, name: string): Promise<PasskeyView>
  /** Throws `not_found`, or `conflict` with `{ reason: 'last_way_in' }`. */
  remove(userId: string, id: string): Promise<void>
  /** For signing in without anything else: the browser offers what passkeys it has for this site. */
  signInOptions(place: Place): Promise<PublicKeyCredentialRequestOptionsJSON>
  /** Both factors in one: the device, and the finger or PIN that it asks for. */
  signIn(response: AuthenticationResponseJSON, place: Place): Promise<SignedIn>
  /** For the sign-in that waits under `ticket`; throws `expired`. */
  secondFactorOptions(ticket: string, place: Place): Promise<PublicKeyCredentialRequestOptionsJSON>
  secondFactor(
    input: { ticket: string; response: AuthenticationResponseJSON },
    place: Place,
  ): Promise<SignedIn>
  /** For confirming a login session. */
  confirmOptions(userId: string, place: Place): Promise<PublicKeyCredentialRequestOptionsJSON>
  confirm(
    session: { userId: string; publicId: string },
    response: AuthenticationResponseJSON,
    place: Place,
  ): Promise<void>
}

export type PasskeysDeps = {
  db: Database
  accounts: Pick<AccountsService, 'begin'>
  sessions: Pick<LoginSessions, 'confirm'>
  pending: PendingSteps
  clock: Clock
  /** What an account may has changed: staff may do more with a second factor. */
  accountChanged: (accountId: string) => void
}

/** As long as browsers wait for a finger, and a form whose passkeys are offered in the field may stay open. */
const CHALLENGE_LIFE_MS = 10 * MINUTE_MS
/** Every device of a person, and some more; lists of them go to browsers. */
const PASSKEYS_MAX = 20

export function createPasskeys(deps: PasskeysDeps): PasskeysService {
  const { db, pending } = deps
  return {
    list: async (userId) => (await repo.listPasskeys(db.orm, userId)).map(toView),
    registrationOptions: (userId, place) => registrationOptions(deps, userId, place),
    register: (userId, input, place) => register(deps, userId, input, place),
    async rename(userId, id, name) {
      const row = await repo.renamePasskey(db.orm, userId, id, name)
      if (!row) throw new AppError('not_found')
      return toView(row)
    },
    remove: (userId, id) =>
      db.withTx(async (tx) => {
        await requireAnotherWayIn(tx, userId)
        const remove = () => repo.deletePasskey(tx, userId, id)
        if (!(await tellingRights(tx, userId, deps.accountChanged, remove))) throw new AppError('not_found')
      }),
    signInOptions: (place) => requestOptions(deps, { kind: 'passkey_sign_in', place }),
    async signIn(response, place) {
      const passkey = await prove(deps, { kind: 'passkey_sign_in', response, place, needsPerson: true })
      // Of another version: its owner took the account back since the passkey was looked at.
      return await deps.accounts.begin(passkey.userId, place.arrival, passkey.passwordVersion)
    },
    async secondFactorOptions(ticket, place) {
      const { browser } = place.arrival
      const held = await pending.find({ kind: 'second_factor', token: ticket, browser })
      if (held?.userId === undefined) throw new AppError('expired')
      return await requestOptions(deps, { kind: 'passkey_second_factor', userId: held.userId, place })
    },
    async secondFactor({ ticket, response }, place) {
      const passkey = await prove(deps, { kind: 'passkey_second_factor', response, place })
      const { browser } = place.arrival
      const held = await db.withTx((tx) =>
        pending.take(tx, { kind: 'second_factor', token: ticket, browser }),
      )
      if (held?.userId !== passkey.userId) throw new AppError('expired')
      const { passwordVersion, ...kept } = held.data as Held
      return await deps.accounts.begin(passkey.userId, { ...place.arrival, ...kept }, passwordVersion)
    },
    confirmOptions: (userId, place) => requestOptions(deps, { kind: 'passkey_confirm', userId, place }),
    async confirm({ userId, publicId }, response, place) {
      const passkey = await prove(deps, { kind: 'passkey_confirm', response, place, needsPerson: true })
      if (passkey.userId !== userId) throw new AppError('unauthenticated')
      await deps.sessions.confirm(publicId, 'passkey')
    },
  }
}

const toView = (row: PasskeyRow): PasskeyView => ({
  id: row.id,
  name: row.name,
  isSynced: row.isSynced,
  createdAt: row.createdAt.getTime(),
  lastUsedAt: row.lastUsedAt?.getTime() ?? null,
})

async function registrationOptions(
  { db, pending }: PasskeysDeps,
  userId: string,
  { site, arrival: { browser } }: Place,
): Promise<PublicKeyCredentialCreationOptionsJSON> {
  const person = await repo.findPerson(db.orm, userId)
  if (!person) throw new AppError('not_found')
  const known = await repo.listPasskeys(db.orm, userId)
  if (known.length >= PASSKEYS_MAX) throw tooMany()
  const step = { kind: 'passkey_registration', browser, userId, data: {}, lifeMs: CHALLENGE_LIFE_MS } as const
  return await generateRegistrationOptions({
    rpName: 'Social Flow',
    rpID: site.id,
    userName: person.handle,
    userDisplayName: person.displayName,
    userID: Uint8Array.from(Buffer.from(userId.replaceAll('-', ''), 'hex')),
    challenge: toBytes(await pending.begin(step)),
    excludeCredentials: known.map(toDescriptor),
    // Kept by the device under our name, so that nobody need type who they are; and always with finger or PIN.
    authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
  })
}

async function register(
  { db, pending, accountChanged }: PasskeysDeps,
  userId: string,
  { name, response }: { name: string; response: RegistrationResponseJSON },
  { site, arrival: { browser } }: Place,
): Promise<PasskeyView> {
  const challenge = challengeOf(response)
  const key = { kind: 'passkey_registration', token: challenge, browser } as const
  const step = await db.withTx((tx) => pending.take(tx, key))
  if (step?.userId !== userId) throw new AppError('expired')
  const made = await verifyNew(response, challenge, site)
  return await db.withTx(async (tx) => {
    await repo.lockAccount(tx, userId)
    if ((await repo.countPasskeys(tx, userId)) >= PASSKEYS_MAX) throw tooMany()
    const row = { id: newId(), userId, name, lastUsedAt: null, createdAt: new Date(), ...made }
    if (!(await tellingRights(tx, userId, accountChanged, () => repo.insertPasskey(tx, row))))
      throw new AppError('conflict', 'This passkey is registered already.', { reason: 'registered' })
    return toView(row)
  })
}

const tooMany = () =>
  new AppError('conflict', `An account has ${PASSKEYS_MAX} passkeys at most.`, { reason: 'too_many' })

type Question = { kind: PendingKind; userId?: string; place: Place }

async function requestOptions(
  { db, pending }: PasskeysDeps,
  { kind, userId, place: { site, arrival } }: Question,
): Promise<PublicKeyCredentialRequestOptionsJSON> {
  const own = userId === undefined ? undefined : await repo.listPasskeys(db.orm, userId)
  const who = userId === undefined ? {} : { userId }
  const token = await pending.begin({
    ...{ kind, browser: arrival.browser, data: {}, lifeMs: CHALLENGE_LIFE_MS },
    ...who,
  })
  return await generateAuthenticationOptions({
    rpID: site.id,
    challenge: toBytes(token),
    // After a password, having the device is proof enough.
    userVerification: kind === 'passkey_second_factor' ? 'preferred' : 'required',
    ...(own && { allowCredentials: own.map(toDescriptor) }),
  })
}

type Answer = {
  kind: PendingKind
  response: AuthenticationResponseJSON
  place: Place
  /** The device must have asked for finger or PIN. */
  needsPerson?: boolean
}

/** The passkey that made this response to a challenge of ours. The challenge is used up, whatever comes of it. */
async function prove(
  { db, pending, clock }: PasskeysDeps,
  { kind, response, place: { site, arrival }, needsPerson = false }: Answer,
): Promise<PasskeyRow & { passwordVersion: number | undefined }> {
  const challenge = challengeOf(response)
  const step = await db.withTx((tx) => pending.take(tx, { kind, token: challenge, browser: arrival.browser }))
  if (!step) throw new AppError('expired')
  const passkey = await repo.findPasskey(db.orm, response.id)
  if (!passkey || (step.userId !== undefined && step.userId !== passkey.userId))
    throw new AppError('unauthenticated', 'This passkey is not known here.', { reason: 'unknown_passkey' })
  const use = await verifyAssertion({ response, challenge, site, passkey, needsPerson })
  const lastUsedAt = new Date(clock.nowMs())
  if (!(await db.withTx((tx) => repo.notePasskeyUse(tx, passkey.id, { ...use, lastUsedAt }))))
    throw new AppError('unauthenticated', 'This passkey was refused.').about(passkey.userId)
  return passkey
}

const toBytes = (token: string) => Uint8Array.from(Buffer.from(token, 'base64url'))

const toDescriptor = ({ credentialId: id, transports }: PasskeyRow) => ({ id, transports })
