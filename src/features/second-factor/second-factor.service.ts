import { AppError } from '../../core/errors.ts'
import type { LimitRule, Limits } from '../../core/ports.ts'
import { type Clock, HOUR_MS, MINUTE_MS } from '../../core/time.ts'
import type { LoginSessions } from '../../infra/access/login-sessions.ts'
import type { PendingSteps } from '../../infra/access/pending-steps.ts'
import { tellingRights } from '../../infra/access/rights/account-rights.ts'
import type { Database, Tx } from '../../infra/db.ts'
import type { Sealing } from '../../infra/secrets/sealing.ts'
import type { AccountsService, Arrival, SecondFactor, SignedIn } from '../accounts/accounts.service.ts'
import { hashBackupCode, makeBackupCodes, makeTotpSecret, totpStep, totpUri } from './second-factor.codes.ts'
import * as repo from './second-factor.repo.ts'

export type CodeMethod = 'totp' | 'backup_code'
export type SecondFactorMethod = CodeMethod | 'passkey'
export type CodeProof = { method: CodeMethod; code: string }

/**
 * Two-step verification: an authenticator app with backup codes. While it is on, a password or a provider alone begins
 * no session: the sign-in is held, and a code or a passkey finishes it. For staff a passkey turns it on as well, as they must
 * not come in with one factor.
 */
export type SecondFactorService = SecondFactor & {
  /** Finishes a held sign-in. Throws `expired` for the ticket, `unauthenticated` for the code. */
  signIn(input: { ticket: string; proof: CodeProof }, arrival: Arrival): Promise<SignedIn>
  /** Confirms a login session by a code. Throws `unauthenticated`. */
  confirm(session: { userId: string; publicId: string }, proof: CodeProof): Promise<void>
  status(userId: string): Promise<{ isOn: boolean; backupCodesLeft: number }>
  /** A secret for an authenticator app, kept until its first code comes. Throws `conflict` where one is on. */
  begin(userId: string): Promise<{ token: string; secret: string; uri: string }>
  /** Turns it on by the app's first code, and answers the backup codes, which are never shown again. */
  turnOn(userId: string, input: { token: string; code: string }): Promise<string[]>
  turnOff(userId: string): Promise<void>
  /** New backup codes; the old ones are void. Throws `conflict` where two-step verification is off. */
  renewBackupCodes(userId: string): Promise<string[]>
}

export type SecondFactorDeps = {
  db: Database
  accounts: Pick<AccountsService, 'begin'>
  sessions: Pick<LoginSessions, 'confirm'>
  pending: PendingSteps
  sealing: Sealing
  limits: Limits
  clock: Clock
  /** What an account may has changed: staff may do more with a second factor. */
  accountChanged: (accountId: string) => void
}

/** Time to find the telephone. */
const HELD_FOR_MS = 10 * MINUTE_MS
/** Time to install an app. */
const SETUP_FOR_MS = 30 * MINUTE_MS
/** Typing errors, and no more: then the password is asked again. */
export const ATTEMPTS_MAX = 5
/**
 * Over all held sign-ins of an account, by whoever has its password. Three of a million codes are right at a time: at
 * this pace guessing for a month succeeds once in fifty times, and the owner is not kept out, having passkeys and a new try each hour.
 */
const CODE_LIMIT: LimitRule = { credits: 10, perMs: HOUR_MS }

export function createSecondFactor(deps: SecondFactorDeps): SecondFactorService {
  const { db } = deps
  return {
    isOn: (userId) => repo.isTwoStep(db.orm, userId),
    required: (userId, arrival, passwordVersion) => hold(deps, userId, arrival, passwordVersion),
    signIn: (input, arrival) => signIn(deps, input, arrival),
    async confirm({ userId, publicId }, proof) {
      await deps.limits.take(`second-factor:${userId}`, CODE_LIMIT)
      await db.withTx((tx) => redeem(deps, tx, userId, proof))
      await deps.sessions.confirm(publicId, 'totp')
    },
    async status(userId) {
      const totp = await repo.findTotp(db.orm, userId)
      return { isOn: totp !== undefined, backupCodesLeft: await repo.countBackupCodes(db.orm, userId) }
    },
    begin: (userId) => begin(deps, userId),
    turnOn: (userId, input) => turnOn(deps, userId, input),
    turnOff: (userId) =>
      db.withTx((tx) => tellingRights(tx, userId, deps.accountChanged, () => repo.deleteTotp(tx, userId))),
    renewBackupCodes: (userId) =>
      db.withTx(async (tx) => {
        await repo.lockAccount(tx, userId)
        if (!(await repo.findTotp(tx, userId)))
          throw new AppError('conflict', 'Two-step verification is off.', { reason: 'off' })
        return await freshBackupCodes(tx, userId)
      }),
  }
}

/** What a held sign-in keeps of its first step for the session that its second one begins. */
export type Held = { isLasting?: boolean; passwordVersion?: number }

/** Keeps a sign-in waiting, where two-step verification is on. */
async function hold(
  { db, pending, clock }: SecondFactorDeps,
  userId: string,
  { browser, isLasting }: Arrival,
  passwordVersion: number | undefined,
) {
  if (!(await repo.isTwoStep(db.orm, userId))) return undefined
  const data: Held = {
    ...(isLasting !== undefined && { isLasting }),
    ...(passwordVersion !== undefined && { passwordVersion }),
  }
  const expiresAt = clock.nowMs() + HELD_FOR_MS
  const step = { kind: 'second_factor', userId, browser, data, lifeMs: HELD_FOR_MS } as const
  const methods: SecondFactorMethod[] = (await repo.findTotp(db.orm, userId)) ? ['totp'] : []
  if ((await repo.countBackupCodes(db.orm, userId)) > 0) methods.push('backup_code')
  if ((await repo.countPasskeys(db.orm, userId)) > 0) methods.push('passkey')
  return { ticket: await pending.begin(step), methods, expiresAt }
}

async function signIn(
  deps: SecondFactorDeps,
  { ticket, proof }: { ticket: string; proof: CodeProof },
  arrival: Arrival,
): Promise<SignedIn> {
  const key = { kind: 'second_factor', token: ticket, browser: arrival.browser } as const
  // Counted before the code is looked at and outside of its transaction, so that tries at once all count.
  const step = await deps.pending.attempt(key, ATTEMPTS_MAX)
  if (step?.userId === undefined)
    throw new AppError('expired', 'Sign in again: this took too long or too many tries.')
  const { userId } = step
  await deps.limits.take(`second-factor:${userId}`, CODE_LIMIT)
  await deps.db.withTx(async (tx) => {
    await redeem(deps, tx, userId, proof)
    if (!(await deps.pending.take(tx, key))) throw new AppError('expired')
  })
  const { passwordVersion, ...kept } = step.data as Held
  return await deps.accounts.begin(userId, { ...arrival, ...kept }, passwordVersion)
}

const purposeOf = (userId: string) => `totp:${userId}`

/** Uses a code up, or throws `unauthenticated`. */
async function redeem(deps: SecondFactorDeps, tx: Tx, userId: string, proof: CodeProof): Promise<void> {
  const isRight =
    proof.method === 'totp'
      ? await redeemTotp(deps, tx, userId, proof.code)
      : await repo.takeBackupCode(tx, userId, hashBackupCode(proof.code))
  if (!isRight)
    throw new AppError('unauthenticated', 'This code is not right, or was used already.', {
      field: 'code',
    }).about(userId)
}

async function redeemTotp(
  { sealing, clock }: SecondFactorDeps,
  tx: Tx,
  userId: string,
  code: string,
): Promise<boolean> {
  const found = await repo.findTotp(tx, userId)
  if (!found) return false
  const secret = await sealing.open(found.sealedSecret, purposeOf(userId))
  const step = await totpStep(secret, code, clock.nowMs(), found.lastStep)
  if (step === undefined) return false
  const isCurrent = sealing.isCurrent(found.sealedSecret)
  const sealedSecret = isCurrent ? found.sealedSecret : await sealing.seal(secret, purposeOf(userId))
  return await repo.redeemStep(tx, userId, step, { sealedSecret, updatedAt: new Date(clock.nowMs()) })
}

const alreadyOn = () =>
  new AppError('conflict', 'Two-step verification is on already.', { reason: 'already_on' })

async function begin({ db, pending, sealing }: SecondFactorDeps, userId: string) {
  if (await repo.findTotp(db.orm, userId)) throw alreadyOn()
  const person = await repo.findPerson(db.orm, userId)
  if (!person) throw new AppError('not_found')
  const secret = makeTotpSecret()
  const data = { sealedSecret: await sealing.seal(secret, purposeOf(userId)) }
  const step = { kind: 'totp_setup', browser: undefined, userId, data, lifeMs: SETUP_FOR_MS } as const
  return { token: await pending.begin(step), secret, uri: totpUri(secret, person.handle) }
}

async function turnOn(
  { db, pending, sealing, limits, clock, accountChanged }: SecondFactorDeps,
  userId: string,
  { token, code }: { token: string; code: string },
): Promise<string[]> {
  await limits.take(`second-factor:${userId}`, CODE_LIMIT)
  const key = { kind: 'totp_setup', token, browser: undefined } as const
  const step = await pending.attempt(key, ATTEMPTS_MAX)
  if (step?.userId !== userId) throw new AppError('expired')
  const { sealedSecret } = step.data as { sealedSecret: string }
  const secret = await sealing.open(sealedSecret, purposeOf(userId))
  const lastStep = await totpStep(secret, code, clock.nowMs(), undefined)
  if (lastStep === undefined)
    throw new AppError('unauthenticated', 'This code is not right. Is the clock of your device?', {
      field: 'code',
    })
  return await db.withTx(async (tx) => {
    await repo.lockAccount(tx, userId)
    if (!(await pending.take(tx, key))) throw new AppError('expired')
    const insert = () => repo.insertTotp(tx, { userId, sealedSecret, lastStep })
    if (!(await tellingRights(tx, userId, accountChanged, insert))) throw alreadyOn()
    return await freshBackupCodes(tx, userId)
  })
}

async function freshBackupCodes(tx: Tx, userId: string): Promise<string[]> {
  const { codes, hashes } = makeBackupCodes()
  await repo.replaceBackupCodes(tx, userId, hashes)
  return codes
}
