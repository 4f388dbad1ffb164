import { AppError } from '../../../core/errors.ts'
import type { LimitRule, Limits } from '../../../core/ports.ts'
import { type Clock, MINUTE_MS } from '../../../core/time.ts'
import type { LoginSessions } from '../../../infra/access/login-sessions.ts'
import type { Database } from '../../../infra/db.ts'
import { enqueue } from '../../../infra/jobs.ts'
import { enqueueMail, resetMessage } from '../accounts.jobs.ts'
import type { Passwords } from '../accounts.passwords.ts'
import * as repo from '../accounts.repo.ts'
import type { Arrival, SecondFactor } from '../accounts.second-factor.ts'
import { hashToken } from '../accounts.tokens.ts'
import { type ContactInput, contactKey, contactOf } from '../contacts/contact.ts'
import { countMessage } from '../joining/registration.ts'
import { forgetDevices } from './devices.ts'
import type { PasswordRule } from './guessable.ts'
import type { SignedIn, SignInEnd } from './signed-in.ts'

/** Whose session asks; `publicId` is that of the session. */
export type Asking = { userId: string; publicId: string }

export type PasswordChanges = {
  /** Asks for a link that sets a new password; the same answer and work for a contact that nobody has. */
  forgotPassword(input: ContactInput, origin: string): Promise<void>
  /**
   * Redeems it: sets the password, ends every login session, signs in. Throws `expired`, and `invalid_input` for a
   * password that is easily guessed, which leaves the link as it is.
   */
  resetPassword(
    input: { token: string; password: string },
    origin: string,
    arrival?: Arrival,
  ): Promise<SignedIn>
  /** Ends all other login sessions. Throws `forbidden` where `current` is not the present password, and `invalid_input`. */
  changePassword(asking: Asking, input: { current: string; password: string }, origin: string): Promise<void>
  /**
   * Confirms the session by its account's password. Throws `forbidden` where it is not that, and with
   * `{ reason: 'second_factor' }` where two-step verification is on: then a code or a passkey confirms.
   */
  confirmByPassword(asking: Asking, password: string): Promise<void>
}

type Deps = {
  db: Database
  limits: Limits
  passwords: Passwords
  passwordRule: PasswordRule
  secondFactor: Pick<SecondFactor, 'isOn'>
  sessions: LoginSessions
  clock: Clock
  end: SignInEnd
  onSessionEnded: (publicId: string) => void
}

/** Somebody with a stolen session must not find the password out; per account, over all of its sessions. */
const GUESS_LIMIT: LimitRule = { credits: 10, perMs: 10 * MINUTE_MS }

export function createPasswordChanges(deps: Deps): PasswordChanges {
  const { db, limits, sessions } = deps
  return {
    async forgotPassword(input, origin) {
      const contact = contactOf(input)
      await countMessage(limits, contact)
      // Known or not, the same is done here; the job looks who it is.
      const key = `accounts.reset:${hashToken(contactKey(contact))}`
      await db.withTx((tx) => enqueue(tx, resetMessage, { contact, origin }, { key }))
    },
    resetPassword: (input, origin, arrival = {}) => resetPassword(deps, input, origin, arrival),
    changePassword: (asking, input, origin) => changePassword(deps, asking, input, origin),
    async confirmByPassword(asking, password) {
      // Before the password is looked at: whoever holds a stolen session shall not learn here whether theirs is right.
      if (await deps.secondFactor.isOn(asking.userId))
        throw new AppError('forbidden', 'Two-step verification is on: confirm by a code or a passkey.', {
          reason: 'second_factor',
        })
      await requirePassword(deps, asking.userId, password)
      await sessions.confirm(asking.publicId, 'password')
    },
  }
}

async function resetPassword(
  { db, passwords, passwordRule, sessions, clock, end, onSessionEnded }: Deps,
  { token, password }: { token: string; password: string },
  origin: string,
  arrival: Arrival,
): Promise<SignedIn> {
  const now = new Date(clock.nowMs())
  const passwordHash = await passwords.hash(password)
  const userId = await db.withTx(async (tx) => {
    const taken = await repo.takeToken(tx, hashToken(token), 'reset_password', now)
    if (!taken) throw new AppError('expired')
    passwordRule.requireUnguessable(password, (await repo.findCredentialsOf(tx, taken.userId)) ?? {})
    await repo.setPassword(tx, taken.userId, passwordHash, now)
    // Other links that were asked for, and a change of address that somebody else began, are void with it.
    await repo.deleteTokensOf(tx, taken.userId, ['reset_password', 'change_email', 'login_link'])
    await forgetDevices(tx, taken.userId)
    const ended = await sessions.endAll(tx, taken.userId)
    tx.afterCommit(() => ended.forEach(onSessionEnded))
    await enqueueMail(tx, 'password_changed', taken.userId, origin)
    return taken.userId
  })
  return await end.signedIn(userId, arrival)
}

async function changePassword(
  deps: Deps,
  { userId, publicId }: Asking,
  { current, password }: { current: string; password: string },
  origin: string,
): Promise<void> {
  const { db, passwords, passwordRule, secondFactor, sessions, clock, onSessionEnded } = deps
  const found = await requirePassword(deps, userId, current)
  passwordRule.requireUnguessable(password, found)
  const passwordHash = await passwords.hash(password)
  await db.withTx(async (tx) => {
    await repo.lockSubject(tx, `credentials:${userId}`)
    // Between the look and the lock somebody else may have set another one; theirs is not known to be ours to replace.
    const present = await repo.findCredentialsOf(tx, userId)
    if (present?.passwordHash !== found.passwordHash) throw wrongPassword()
    const now = new Date(clock.nowMs())
    await repo.setPassword(tx, userId, passwordHash, now)
    await repo.deleteTokensOf(tx, userId, ['reset_password'])
    await forgetDevices(tx, userId)
    const ended = await sessions.endAll(tx, userId, publicId)
    tx.afterCommit(() => ended.forEach(onSessionEnded))
    await enqueueMail(tx, 'password_changed', userId, origin)
  })
  if (!(await secondFactor.isOn(userId))) await sessions.confirm(publicId, 'password')
}

async function requirePassword({ db, limits, passwords }: Deps, userId: string, password: string) {
  await limits.take(`confirm:${userId}`, GUESS_LIMIT)
  const found = await repo.findCredentialsOf(db.orm, userId)
  if (!(await passwords.verify(found?.passwordHash ?? undefined, password)) || !found) throw wrongPassword()
  return found
}

const wrongPassword = () =>
  new AppError('forbidden', 'This is not your present password.', { reason: 'wrong_password' })
