import Bowser from 'bowser'
import type { z } from 'zod'
import type { accounts as accountsContract } from '../../../contract/accounts.ts'
import { AppError } from '../../../core/errors.ts'
import type {
  ConfirmationMethod,
  ListedSession,
  LoginSessions,
} from '../../../infra/access/login-sessions.ts'
import type { Database } from '../../../infra/db.ts'
import type { Asking } from './password.ts'

export type SessionView = z.output<typeof accountsContract.routes.listSessions.response>['sessions'][number]

export type Sessions = {
  /** Ends the session of a secret; ending one that is none changes nothing. */
  signOut(secret: string): Promise<void>
  listSessions(asking: Asking): Promise<SessionView[]>
  /** Throws `not_found` where the account has no such session, as for one that nobody has. */
  endSession(asking: Asking, publicId: string): Promise<void>
  /** Deletes what has ended by time, and ends its open sockets. */
  sweepSessions(): Promise<void>
  /** Ends all but the one that asks; answers how many. */
  endOtherSessions(asking: Asking): Promise<number>
  /**
   * Notes that the session's holder just proved to be the owner, after whichever proof; for 15 minutes it may do what
   * is declared `stepUp`. `sessionId` is the public one. The caller has checked the proof and limited the tries.
   */
  confirm(sessionId: string, method: ConfirmationMethod): Promise<void>
}

type Deps = { db: Database; sessions: LoginSessions; onSessionEnded: (publicId: string) => void }

export const createSessions = ({ db, sessions, onSessionEnded }: Deps): Sessions => ({
  async signOut(secret) {
    const session = await sessions.find(secret)
    await sessions.end(secret)
    if (session) onSessionEnded(session.publicId)
  },
  async listSessions({ userId, publicId }) {
    const rows = await sessions.list(userId)
    return rows.map((row) => ({ ...viewOf(row), isCurrent: row.publicId === publicId }))
  },
  async endSession({ userId }, publicId) {
    if (!(await sessions.endOne(userId, publicId))) throw new AppError('not_found')
    onSessionEnded(publicId)
  },
  async sweepSessions() {
    for (const publicId of await sessions.sweepExpired()) onSessionEnded(publicId)
  },
  async endOtherSessions({ userId, publicId }) {
    const ended = await db.withTx((tx) => sessions.endAll(tx, userId, publicId))
    ended.forEach(onSessionEnded)
    return ended.length
  },
  confirm: (sessionId, method) => sessions.confirm(sessionId, method),
})

const DEVICES = { desktop: 'computer', mobile: 'phone', tablet: 'tablet', tv: 'tv' } as const

function viewOf({ publicId, userAgent, ...row }: ListedSession): Omit<SessionView, 'isCurrent'> {
  const named = userAgent ? Bowser.parse(userAgent) : undefined
  return {
    id: publicId,
    isLasting: row.isLasting,
    browser: named?.browser.name || null,
    system: named?.os.name || null,
    device: DEVICES[named?.platform.type as keyof typeof DEVICES] ?? 'unknown',
    network: row.network,
    createdAt: row.createdAt.getTime(),
    lastUsedAt: row.lastUsedAt.getTime(),
    expiresAt: row.expiresAt.getTime(),
  }
}
