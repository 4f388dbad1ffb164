import { createHash, randomUUID } from 'node:crypto'
import { DrizzlePostgreSQLAdapter } from '@lucia-auth/adapter-drizzle'
import { eq } from 'drizzle-orm'
import { parse } from 'hono/utils/cookie'
import { type Adapter, Lucia, TimeSpan } from 'lucia'
import { loginSessions, users } from '../../../drizzle/schema/accounts.ts'
import type { ViewerRole } from '../../core/viewer.ts'
import type { Database, Tx } from '../db.ts'

/** The only file that knows lucia, which is finished software: what it is asked for could be written anew in a day. */

export type LoginSession = {
  /** What lists and socket tokens name the session by; opens nothing. */
  publicId: string
  userId: string
  handle: string
  displayName: string
  role: ViewerRole
  /** True when its end was just moved: the browser's cookie must be set anew. */
  isRenewed: boolean
}

export type LoginSessions = {
  /** Begins a session. `secret` is what the browser or client keeps; here only its hash is stored. */
  begin(tx: Tx, userId: string): Promise<{ secret: string; publicId: string }>
  /** The session of a secret, or undefined when there is none, it has ended, or its account is deleted. */
  find(secret: string): Promise<LoginSession | undefined>
  end(secret: string): Promise<void>
  /** Ends all sessions of an account; answers their public ids. */
  endAllOf(tx: Tx, userId: string): Promise<string[]>
  sweepExpired(): Promise<void>
  /** The secret in a request's headers and how it came; a bearer goes before a cookie. */
  read(headers: {
    authorization: string | undefined
    cookie: string | undefined
  }): { secret: string; via: 'bearer' | 'cookie' } | undefined
  /** `Set-Cookie` headers. */
  cookie(secret: string): string
  blankCookie(): string
}

/** As long as people are used to; moved on when half of it is over, so whoever comes back stays signed in. */
const SESSION_LIFE = new TimeSpan(30, 'd')
/** lucia makes ids of 25 random bytes in base 32. Nothing else is worth asking the database about. */
const SECRET_FORM = /^[a-z2-7]{40}$/

type SessionRow = { publicId: string }
type UserRow = { handle: string; displayName: string; role: ViewerRole; deletedAt: Date | null }

declare module 'lucia' {
  interface Register {
    Lucia: Lucia<SessionRow, UserRow>
    DatabaseSessionAttributes: SessionRow
    DatabaseUserAttributes: UserRow
  }
}

/** `isSecure`: people reach the server over HTTPS, so cookies go over nothing else and are bound to this very host. */
export function createLoginSessions(deps: { orm: Database['orm']; isSecure: boolean }): LoginSessions {
  const name = deps.isSecure ? '__Host-flow_session' : 'flow_session'
  const luciaOn = (orm: Database['orm'] | Tx) =>
    new Lucia<SessionRow, UserRow>(hashing(new DrizzlePostgreSQLAdapter(orm, loginSessions, users)), {
      sessionExpiresIn: SESSION_LIFE,
      sessionCookie: { name, attributes: { secure: deps.isSecure, sameSite: 'lax' } },
      getSessionAttributes: ({ publicId }) => ({ publicId }),
      getUserAttributes: ({ handle, displayName, role, deletedAt }) => ({
        handle,
        displayName,
        role,
        deletedAt,
      }),
    })
  const lucia = luciaOn(deps.orm)

  return {
    async begin(tx, userId) {
      const publicId = randomUUID()
      const { id } = await luciaOn(tx).createSession(userId, { publicId })
      return { secret: id, publicId }
    },
    async find(secret) {
      if (!SECRET_FORM.test(secret)) return undefined
      const { session, user } = await lucia.validateSession(secret)
      if (!session || user.deletedAt) return undefined
      const { id: userId, handle, displayName, role } = user
      return { publicId: session.publicId, userId, handle, displayName, role, isRenewed: session.fresh }
    },
    end: (secret) => lucia.invalidateSession(secret),
    async endAllOf(tx, userId) {
      const rows = await tx
        .delete(loginSessions)
        .where(eq(loginSessions.userId, userId))
        .returning({ publicId: loginSessions.publicId })
      return rows.map(({ publicId }) => publicId)
    },
    sweepExpired: () => lucia.deleteExpiredSessions(),
    read({ authorization, cookie }) {
      const bearer = authorization?.match(/^Bearer +(\S+)$/i)?.[1]
      if (bearer) return { secret: bearer, via: 'bearer' }
      // lucia's own parser throws on a cookie that is not well encoded, which anybody can send.
      const secret = cookie === undefined ? undefined : parse(cookie, name)[name]
      return secret ? { secret, via: 'cookie' } : undefined
    },
    cookie: (secret) => lucia.createSessionCookie(secret).serialize(),
    blankCookie: () => lucia.createBlankSessionCookie().serialize(),
  }
}

/** lucia stores and returns ids as they are; this stores their SHA-256 and gives back the id that was asked with. */
function hashing(adapter: Adapter): Adapter {
  return {
    async getSessionAndUser(id) {
      const [session, user] = await adapter.getSessionAndUser(sha256(id))
      return [session && { ...session, id }, user]
    },
    setSession: (session) => adapter.setSession({ ...session, id: sha256(session.id) }),
    updateSessionExpiration: (id, expiresAt) => adapter.updateSessionExpiration(sha256(id), expiresAt),
    deleteSession: (id) => adapter.deleteSession(sha256(id)),
    // Of these lucia gives ids back that it could not have: the hashes. Nothing here lists sessions through it.
    getUserSessions: (userId) => adapter.getUserSessions(userId),
    deleteUserSessions: (userId) => adapter.deleteUserSessions(userId),
    deleteExpiredSessions: () => adapter.deleteExpiredSessions(),
  }
}

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex')
