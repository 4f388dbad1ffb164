import { AppError } from '../../core/errors.ts'
import type { Logger } from '../../core/log.ts'
import { type Clock, DAY_MS } from '../../core/time.ts'
import type { LoginSessions } from '../../infra/access/login-sessions.ts'
import type { Database } from '../../infra/db.ts'
import { enqueue } from '../../infra/jobs.ts'
import { enqueueMail } from '../accounts/accounts.service.ts'
import type { Actor, AuditService } from '../audit/audit.service.ts'
import { lockRoles, lockStanding, mustLeaveAnAdmin } from '../governance/governance.service.ts'
import type { StreamsService } from '../streams/streams.service.ts'
import type { TokensService } from '../tokens/tokens.service.ts'
import { eraseAccount } from './data.queue.ts'
import * as repo from './data.repo.ts'
import { erase } from './erasure.ts'
import type { ExportsService } from './exports.service.ts'

/** Long enough to come back from a holiday and find out that somebody else did it. */
const GRACE_MS = 30 * DAY_MS
/** Of one look; the next look is an hour later and takes the next ones. */
const DUE_MAX = 100

type Deps = {
  db: Database
  clock: Clock
  log: Logger
  audit: Pick<AuditService, 'write'>
  tokens: Pick<TokensService, 'revokeAll'>
  sessions: Pick<LoginSessions, 'endAll'>
  streams: Pick<StreamsService, 'endOfSanctioned' | 'privacyChanged'>
  exports: Pick<ExportsService, 'show'>
  /** Ends the sockets of a login session or a token. */
  endLogin: (publicId: string) => void
  /** What an account may has changed: its sockets are judged anew. */
  accountChanged: (accountId: string) => void
}

/**
 * Accounts that their owners want to be gone.
 *
 *   kept ──asked──▶ leaving ──30 days──▶ being erased ──▶ erased
 *     ▲                │
 *     └─────undone─────┘
 *
 * Who is leaving is seen by nobody but staff, and can do nothing but take their data along and undo it. From the first
 * erased row on there is no way back.
 */
export function createDeletion(deps: Deps) {
  const { db, clock, log, audit, sessions, tokens, streams, exports } = deps

  /** Who may see the account, and what it may, has changed. */
  function changed(accountId: string): void {
    deps.accountChanged(accountId)
    exports.show(accountId)
    streams
      .privacyChanged(accountId)
      .catch((error: unknown) =>
        log.error({ accountId, error }, 'Viewers of an account were not judged anew'),
      )
  }

  function endLogins(publicIds: readonly string[]): void {
    for (const publicId of publicIds) deps.endLogin(publicId)
  }

  return {
    /**
     * Hides the account at once and erases it after the grace period. Errors: `invalid_input` (another handle), `conflict`
     * (the last admin, or it was asked before).
     */
    async ask(actor: Actor, handle: string, origin: string) {
      const { account, loginSessionId } = actor.viewer
      if (!account) throw new AppError('unauthenticated')
      const { id } = account
      if (handle.trim().replace(/^@/, '').toLowerCase() !== account.handle)
        throw new AppError('invalid_input', 'This is not your handle.', { field: 'handle' })
      const row = await db.withTx(async (tx) => {
        // As changes of roles do it: of two admins who leave at once, one stays.
        await lockRoles(tx)
        await lockStanding(tx, id)
        const asked = await repo.insertDeletion(tx, id, new Date(clock.nowMs() + GRACE_MS))
        if (!asked) throw new AppError('conflict', 'Your account is to be deleted already.')
        if (await repo.isAdmin(tx, id)) await mustLeaveAnAdmin(tx)
        const ended = [
          ...(await sessions.endAll(tx, id, loginSessionId)),
          ...(await tokens.revokeAll(tx, id)),
        ]
        // From now on the account is only kept or erased; a change that waits for its link is neither.
        await repo.dropPendingEmail(tx, id)
        const after = { eraseAt: asked.eraseAt.getTime() }
        await audit.write(tx, { actor, action: 'account.delete', subjectId: id, after })
        await enqueueMail(tx, 'deletion_asked', id, origin)
        tx.afterCommit(() => {
          endLogins(ended)
          changed(id)
          // What could not be ended now ends with the next look at what is overdue.
          streams
            .endOfSanctioned(id)
            .catch((error: unknown) => log.error({ accountId: id, error }, 'A broadcast goes on'))
        })
        return asked
      })
      return repo.toDeletion(row)
    },

    /** Keeps the account. Errors: `conflict` (nothing is to be undone, or it has begun). */
    async undo(actor: Actor): Promise<void> {
      const { account } = actor.viewer
      if (!account) throw new AppError('unauthenticated')
      await db.withTx(async (tx) => {
        await lockStanding(tx, account.id)
        if (!(await repo.removeDeletion(tx, account.id)))
          throw new AppError('conflict', 'Nothing is left to undo.')
        await audit.write(tx, { actor, action: 'account.keep', subjectId: account.id })
        tx.afterCommit(() => changed(account.id))
      })
    },

    /** Erases an account whose grace period is over, as far as that was not done yet. */
    async run(accountId: string): Promise<void> {
      const isDue = await db.withTx(async (tx) => {
        if (!(await repo.beginErasure(tx, accountId, new Date(clock.nowMs())))) return false
        const ended = await sessions.endAll(tx, accountId)
        tx.afterCommit(() => endLogins(ended))
        return true
      })
      if (!isDue) return
      await erase(db, clock, accountId)
      deps.accountChanged(accountId)
    },

    async sweep(): Promise<void> {
      const now = new Date(clock.nowMs())
      const due = await repo.dueDeletions(db.orm, now, DUE_MAX)
      await db.withTx(async (tx) => {
        for (const accountId of due)
          await enqueue(tx, eraseAccount, { accountId }, { key: `${eraseAccount.name}:${accountId}` })
      })
      await repo.sweepHandles(db.orm, now)
    },
  }
}

export type DeletionService = ReturnType<typeof createDeletion>
