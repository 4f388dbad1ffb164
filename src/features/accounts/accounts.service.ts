import type { SecurityLog } from '../../core/log.ts'
import type { Limits } from '../../core/ports.ts'
import type { Clock } from '../../core/time.ts'
import type { LoginSessions } from '../../infra/access/login-sessions.ts'
import type { Database, Tx } from '../../infra/db.ts'
import type { Passwords } from './accounts.passwords.ts'
import * as repo from './accounts.repo.ts'
import type { SecondFactor } from './accounts.second-factor.ts'
import { createEmailChanges, type EmailChanges } from './contacts/email.ts'
import { createPhoneChanges, type PhoneChanges } from './contacts/phone.ts'
import type { PhoneCodes } from './contacts/phone-codes.ts'
import { createFirstAdmin, type FirstAdmin } from './joining/first-admin.ts'
import { createForeignJoining, type ForeignJoining } from './joining/foreign.ts'
import { createRegistration, type Registration, type RegistrationDeps } from './joining/registration.ts'
import { createPasswordRule } from './security/guessable.ts'
import { createPasswordChanges, type PasswordChanges } from './security/password.ts'
import { createSessions, type Sessions } from './security/sessions.ts'
import { createSignIn, type SignIn } from './security/sign-in.ts'
import { type AccountView, createSignInEnd, type SignInEnd } from './security/signed-in.ts'

export { enqueueMail } from './accounts.jobs.ts'
export type { Arrival, SecondFactor } from './accounts.second-factor.ts'
export type { Asking } from './security/password.ts'
export type { AccountView, SignedIn } from './security/signed-in.ts'

/**
 * Accounts, by what is done: becoming one (`joining`), coming in and staying safe (`security`), mail address and
 * telephone number (`contacts`). Every way in ends in `signedIn`.
 */
export type AccountsService = Registration &
  ForeignJoining &
  FirstAdmin &
  SignIn &
  SignInEnd &
  Sessions &
  PasswordChanges &
  EmailChanges &
  PhoneChanges & {
    /** The account, or undefined when it does not exist or is deleted. */
    find(userId: string): Promise<AccountView | undefined>
  }

export type AccountsDeps = Omit<RegistrationDeps, 'passwordRule'> & {
  db: Database
  sessions: LoginSessions
  limits: Limits
  passwords: Passwords
  phoneCodes: PhoneCodes
  clock: Clock
  /** Told of every session that begins. */
  security: SecurityLog
  /** Asked before a session begins. */
  secondFactor: SecondFactor
  /** Throws `forbidden` with `{ reason: 'banned' }` for a banned account; nobody bans it until the transaction ends. */
  mustNotBeBanned: (tx: Tx, userId: string) => Promise<void>
  /** Told after a session has ended, so that its open sockets end too. */
  onSessionEnded?: (publicId: string) => void
}

export function createAccounts({ onSessionEnded = () => {}, ...given }: AccountsDeps): AccountsService {
  const end = createSignInEnd(given)
  const deps = { ...given, end, onSessionEnded, passwordRule: createPasswordRule() }
  return {
    ...end,
    ...createRegistration(deps),
    ...createForeignJoining(deps),
    ...createFirstAdmin(deps),
    ...createSignIn(deps),
    ...createSessions(deps),
    ...createPasswordChanges(deps),
    ...createEmailChanges(deps),
    ...createPhoneChanges(deps),
    find: (userId) => repo.findAccount(given.db.orm, userId),
  }
}
