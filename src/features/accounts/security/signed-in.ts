import type { z } from 'zod'
import type { Account } from '../../../contract/accounts.ts'
import { AppError } from '../../../core/errors.ts'
import type { SecurityLog } from '../../../core/log.ts'
import type { Clock } from '../../../core/time.ts'
import { coarseNetwork } from '../../../infra/access/client-address.ts'
import type { LoginSessions } from '../../../infra/access/login-sessions.ts'
import type { Database, Tx } from '../../../infra/db.ts'
import * as repo from '../accounts.repo.ts'
import type { Arrival, SecondFactor } from '../accounts.second-factor.ts'
import { rememberDevice } from './devices.ts'

export type AccountView = z.output<typeof Account>

/** A new login session: the account, and the secrets that its browser or client keeps. */
export type SignedIn = {
  account: AccountView
  secret: string
  isLasting: boolean
  /** For the browser's device cookie, new with every sign-in. */
  deviceSecret: string
}

export type SignInEnd = {
  /**
   * The end of every way to sign in, after its proof was right: asks for the second factor, then begins a session under
   * a new secret. `passwordVersion` says which password was right, where the proof was one: if it was changed
   * meanwhile, the proof is `unauthenticated`. Throws `second_factor_required` with the step as details,
   * or `forbidden` with `{ reason: 'banned' }`.
   */
  signedIn(accountId: string, arrival: Arrival, passwordVersion?: number): Promise<SignedIn>
  /** Begins the session without asking: only for whoever has just seen the second factor, after the first one. */
  begin(accountId: string, arrival: Arrival, passwordVersion?: number): Promise<SignedIn>
}

type Deps = {
  db: Database
  sessions: LoginSessions
  secondFactor: SecondFactor
  clock: Clock
  security: SecurityLog
  /** Throws `forbidden` with `{ reason: 'banned' }` for a banned account; nobody bans it until the transaction ends. */
  mustNotBeBanned: (tx: Tx, userId: string) => Promise<void>
}

export function createSignInEnd(deps: Deps): SignInEnd {
  const { db, sessions, secondFactor, clock, security, mustNotBeBanned } = deps
  const begin: SignInEnd['begin'] = (accountId, arrival, passwordVersion) =>
    db.withTx(async (tx) => {
      await mustNotBeBanned(tx, accountId)
      const present = await repo.holdPassword(tx, accountId)
      if (passwordVersion !== undefined && present !== passwordVersion) throw new AppError('unauthenticated')
      const account = await requireAccount(tx, accountId)
      const { address, userAgent, isLasting = true } = arrival
      const network = address === undefined ? undefined : coarseNetwork(address)
      const { secret, publicId } = await sessions.begin(tx, accountId, { isLasting, userAgent, network })
      tx.afterCommit(() => security.note('sign_in', { accountId, network, sessionId: publicId }))
      const deviceSecret = await rememberDevice(tx, accountId, arrival.deviceSecret, new Date(clock.nowMs()))
      return { account, secret, isLasting, deviceSecret }
    })
  return {
    begin,
    async signedIn(accountId, arrival, passwordVersion) {
      const step = await secondFactor.required(accountId, arrival, passwordVersion)
      if (step) throw new AppError('second_factor_required', undefined, { ...step })
      return await begin(accountId, arrival, passwordVersion)
    },
  }
}

export async function requireAccount(tx: Tx, userId: string): Promise<AccountView> {
  const account = await repo.findAccount(tx, userId)
  if (!account) throw new AppError('not_found')
  return account
}
