import { AppError } from '../../../core/errors.ts'
import type { LimitRule, Limits } from '../../../core/ports.ts'
import { type Clock, HOUR_MS, MINUTE_MS } from '../../../core/time.ts'
import { addressKey } from '../../../infra/access/client-address.ts'
import type { Database, Tx } from '../../../infra/db.ts'
import type { Passwords } from '../accounts.passwords.ts'
import * as repo from '../accounts.repo.ts'
import type { Arrival } from '../accounts.second-factor.ts'
import { hashToken } from '../accounts.tokens.ts'
import { type ContactInput, contactKey, contactOf, isEmail } from '../contacts/contact.ts'
import type { PhoneCodes } from '../contacts/phone-codes.ts'
import { isKnownDevice } from './devices.ts'
import type { SignedIn, SignInEnd } from './signed-in.ts'

export type SignIn = {
  /** Redeems a verification token; throws `expired` when it was used, has expired or never was. */
  verify(token: string, arrival?: Arrival): Promise<SignedIn>
  /** Proves the number of a new account; throws `expired` for a code that is wrong, used or old. */
  verifyByCode(input: { phone: string; code: string }, arrival?: Arrival): Promise<SignedIn>
  /** Throws `unauthenticated` for a wrong pair, `forbidden` with `{ reason: 'unverified' }` for a right one that waits. */
  signIn(input: ContactInput & { password: string }, arrival?: Arrival): Promise<SignedIn>
  /** Redeems a login link; throws `expired`. */
  signInByLink(token: string, arrival?: Arrival): Promise<SignedIn>
}

type Deps = {
  db: Database
  limits: Limits
  passwords: Passwords
  phoneCodes: PhoneCodes
  clock: Clock
  end: SignInEnd
}

/** From one network against one account: far below what guessing needs (NIST SP 800-63B: 100 at most). */
const PAIR_LIMIT: LimitRule = { credits: 10, perMs: 10 * MINUTE_MS }
/** Against one account from all strangers together; a known device does not take part, so that they can't keep its owner out. */
const STRANGERS_LIMIT: LimitRule = { credits: 60, perMs: HOUR_MS }

export function createSignIn(deps: Deps): SignIn {
  const { db, clock, end } = deps
  const now = () => new Date(clock.nowMs())

  // The proof is used up before the end is asked: a second factor that stands between must not give it back.
  async function redeem(
    token: string,
    kind: repo.TokenKind,
    before?: (tx: Tx, userId: string) => Promise<void>,
  ): Promise<string> {
    return await db.withTx(async (tx) => {
      const taken = await repo.takeToken(tx, hashToken(token), kind, now())
      if (!taken) throw new AppError('expired')
      await before?.(tx, taken.userId)
      return taken.userId
    })
  }

  return {
    async verify(token, arrival = {}) {
      const userId = await redeem(token, 'verify_email', async (tx, id) => {
        await repo.markVerified(tx, id, 'email', now())
        await repo.deleteTokensOf(tx, id, ['verify_email'])
      })
      return await end.signedIn(userId, arrival)
    },
    verifyByCode: (input, arrival = {}) => verifyByCode(deps, input, arrival),
    signIn: (input, arrival = {}) => signIn(deps, input, arrival),
    async signInByLink(token, arrival = {}) {
      return await end.signedIn(await redeem(token, 'login_link'), arrival)
    },
  }
}

async function signIn(
  { db, limits, passwords, end }: Deps,
  { password, ...input }: ContactInput & { password: string },
  arrival: Arrival,
): Promise<SignedIn> {
  const contact = contactOf(input)
  const found = await repo.findCredentials(db.orm, contact)
  const isKnown = await isKnownDevice(db.orm, found?.userId ?? NOBODY, arrival.deviceSecret)
  await countTry(limits, contactKey(contact), isKnown, arrival)
  if (!(await passwords.verify(found?.passwordHash ?? undefined, password)) || !found)
    throw new AppError(
      'unauthenticated',
      'These do not belong together: check both, or set a new password.',
    ).about(found?.userId)
  if (!(isEmail(contact) ? found.emailVerifiedAt : found.phoneVerifiedAt))
    throw new AppError('forbidden', 'Confirm your mail address or telephone number first.', {
      reason: 'unverified',
    }).about(found.userId)
  return await end.signedIn(found.userId, arrival, found.passwordVersion)
}

/** The id of no account. */
const NOBODY = '00000000-0000-0000-0000-000000000000'

/** Throws `too_many_requests`; unknown contacts are counted as known ones are. */
async function countTry(limits: Limits, account: string, isKnown: boolean, arrival: Arrival): Promise<void> {
  if (isKnown) {
    await limits.take(`sign-in:device:${account}:${hashToken(arrival.deviceSecret ?? '')}`, PAIR_LIMIT)
    return
  }
  const from = arrival.address === undefined ? 'nowhere' : addressKey(arrival.address)
  // The pair first: one address that is over its own limit takes nothing from what all strangers share.
  await limits.take(`sign-in:pair:${account}:${from}`, PAIR_LIMIT)
  await limits.take(`sign-in:strangers:${account}`, STRANGERS_LIMIT)
}

async function verifyByCode(
  { db, phoneCodes, clock, end }: Deps,
  { phone, code }: { phone: string; code: string },
  arrival: Arrival,
): Promise<SignedIn> {
  const found = await repo.findCredentials(db.orm, { phone })
  const waiting = found && !found.phoneVerifiedAt ? found.userId : undefined
  const proven = await phoneCodes.redeem(waiting, code)
  if (proven !== phone || waiting === undefined)
    throw new AppError('expired', 'This code is wrong or has expired.')
  const now = new Date(clock.nowMs())
  await db.withTx((tx) => repo.markVerified(tx, waiting, 'phone', now))
  return await end.signedIn(waiting, arrival)
}
