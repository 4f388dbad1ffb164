import { AppError } from '../../../core/errors.ts'
import type { Limits } from '../../../core/ports.ts'
import type { Clock } from '../../../core/time.ts'
import type { LoginSessions } from '../../../infra/access/login-sessions.ts'
import { removeWaysInSince } from '../../../infra/access/ways-in.ts'
import { type Database, sqlState, type Tx } from '../../../infra/db.ts'
import { enqueue } from '../../../infra/jobs.ts'
import { enqueueMail, resetMessage } from '../accounts.jobs.ts'
import * as repo from '../accounts.repo.ts'
import { hashToken } from '../accounts.tokens.ts'
import { countMessage } from '../joining/registration.ts'
import { forgetDevices } from '../security/devices.ts'

/**
 * A change of mail address: asked for → a link to the new one → redeemed: it holds, and the former one gets a notice
 * with a link → redeemed within a week: the former one holds again. Until the first link is opened nothing is changed.
 */
export type EmailChanges = {
  /** Sends the link. To an address that has an account goes a notice instead; the answer is the same. */
  changeEmail(userId: string, email: string, origin: string): Promise<void>
  /** Redeems the link at the new address. Throws `expired`, and `conflict` where it was taken meanwhile. */
  confirmEmail(token: string, origin: string): Promise<void>
  /**
   * Redeems the link at the former address: whoever changed it is out – all sessions end, the password is void, what
   * else was made to lead in since goes, and a link to set a new password goes to the former address. Throws `expired`, and `conflict` where it has another account by now.
   */
  undoEmail(token: string, origin: string): Promise<void>
}

type Deps = {
  db: Database
  limits: Limits
  sessions: LoginSessions
  clock: Clock
  onSessionEnded: (publicId: string) => void
}

export function createEmailChanges(deps: Deps): EmailChanges {
  const { db, limits, sessions, clock, onSessionEnded } = deps
  const now = () => new Date(clock.nowMs())
  return {
    async changeEmail(userId, email, origin) {
      await countMessage(limits, { email })
      await db.withTx(async (tx) => {
        // The last wish holds; links to other addresses are void.
        await repo.deleteTokensOf(tx, userId, ['change_email'])
        const owner = await repo.findCredentials(tx, { email })
        const isTaken = owner?.emailVerifiedAt && owner.userId !== userId
        if (isTaken) await enqueueMail(tx, 'address_in_use', owner.userId, origin)
        else await enqueueMail(tx, 'change_email', userId, origin, email)
      })
    },
    async confirmEmail(token, origin) {
      await withAddress(deps, async (tx) => {
        const taken = await repo.takeToken(tx, hashToken(token), 'change_email', now())
        if (!taken?.email) throw new AppError('expired')
        const { userId, email } = taken
        const former = await setEmail(tx, userId, email, now())
        // What was sent to the former address opens nothing any more, but for taking this back.
        await repo.deleteTokensOf(tx, userId, ['reset_password', 'change_email'])
        if (former && former !== email) await enqueueMail(tx, 'email_changed', userId, origin, former)
      })
    },
    async undoEmail(token, origin) {
      await withAddress(deps, async (tx) => {
        const taken = await repo.takeToken(tx, hashToken(token), 'undo_email', now())
        if (!taken?.email) throw new AppError('expired')
        const { userId, email, createdAt } = taken
        const { phoneVerifiedAt } = (await repo.findCredentialsOf(tx, userId)) ?? {}
        await setEmail(tx, userId, email, now())
        // They know the password, and may have added a number that a new one could be asked for with.
        const isPhoneTheirs = phoneVerifiedAt && phoneVerifiedAt >= createdAt
        await repo.setPassword(tx, userId, null, now())
        if (isPhoneTheirs)
          await repo.changeCredentials(tx, userId, { phone: null, phoneVerifiedAt: null }, now())
        await repo.deleteTokensOf(tx, userId, ['reset_password', 'change_email', 'login_link'])
        // Whoever took the address away may have changed it again: those changes can't be "undone" to theirs.
        await repo.deleteTokensOf(tx, userId, ['undo_email'], createdAt)
        const ended = await sessions.endAll(tx, userId)
        await removeWaysInSince(tx, userId, createdAt)
        await forgetDevices(tx, userId)
        tx.afterCommit(() => ended.forEach(onSessionEnded))
        const key = `accounts.reset:${hashToken(`email:${email}`)}`
        await enqueue(tx, resetMessage, { contact: { email }, origin }, { key })
      })
    },
  }
}

/** Gives an account its proven address and answers the one that it had. */
async function setEmail(tx: Tx, userId: string, email: string, now: Date): Promise<string | undefined> {
  await repo.lockSubject(tx, `email:${email}`)
  await repo.lockSubject(tx, `credentials:${userId}`)
  const before = await repo.findCredentialsOf(tx, userId)
  // Somebody may be registering it, without ever having proved it.
  await repo.deleteUnverified(tx, [{ email }])
  const change = { email, emailVerifiedAt: now }
  if (!(await repo.changeCredentials(tx, userId, change, now)))
    await repo.insertCredentials(tx, { userId, ...change })
  return before?.email ?? undefined
}

/** unique_violation (PostgreSQL, appendix A). */
const UNIQUE_VIOLATION = '23505'

/** A transaction that may find its address taken. */
async function withAddress({ db }: Deps, work: (tx: Tx) => Promise<void>): Promise<void> {
  try {
    await db.withTx(work)
  } catch (error) {
    if (sqlState(error) !== UNIQUE_VIOLATION) throw error
    throw new AppError('conflict', 'This mail address belongs to another account by now.', { field: 'email' })
  }
}
