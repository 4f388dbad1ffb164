import { createHash, randomUUID } from 'node:crypto'
import { DrizzlePostgreSQLAdapter } from '@lucia-auth/adapter-drizzle'
import { and, desc, eq, gt, lt, lte, ne, or } from 'drizzle-orm'
import { parse, serialize } from 'hono/utils/cookie'
import { type Adapter, Lucia, TimeSpan } from 'lucia'
import { loginSessions, users } from '../../../drizzle/schema/accounts.ts'
import { type Clock, DAY_MS, MINUTE_MS } from '../../core/time.ts'
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
  /** False: it ends with the browser. */
  isLasting: boolean
  /** When its holder last proved to be the account's owner. */
  confirmedAt: Date | undefined
  /** True when its end was just moved: the browser's cookie must be set anew. */
  isRenewed: boolean
}

export type ConfirmationMethod = NonNullable<typeof loginSessions.$inferSelect.confirmedBy>
/** What a session is begun with; shown to the account's owner in the list. */
export type SessionOrigin = {
  isLasting: boolean
  userAgent?: string | undefined
  network?: string | undefined
}
export type ListedSession = Omit<typeof loginSessions.$inferSelect, 'id' | 'userId' | 'confirmedBy'>

export type LoginSessions = {
  /** Begins a session under a new secret; signing in confirms it. Here only the hash of the secret is stored. */
  begin(tx: Tx, userId: string, origin: SessionOrigin): Promise<{ secret: string; publicId: string }>
  /**
   * The session of a secret, or undefined when there is none, it has ended, or its account is deleted. Use moves its end
   * on, up to the last one that its beginning allows. `network` is where it is used from now.
   */
  find(secret: string, network?: string): Promise<LoginSession | undefined>
  end(secret: string): Promise<void>
  /** Those of an account that go on, last used first, 100 at most; their ids are the public ones. */
  list(userId: string): Promise<ListedSession[]>
  /** Ends one session of this account by its public id; false where the account has no such session. */
  endOne(userId: string, publicId: string): Promise<boolean>
  /** Ends all sessions of an account but one, and answers the public ids of those that ended. */
  endAll(tx: Tx, userId: string, exceptPublicId?: string): Promise<string[]>
  /** Notes that the session's holder just proved to be the owner. */
  confirm(publicId: string, method: ConfirmationMethod): Promise<void>
  /** Whether that was lately enough for what needs a step up. */
  isConfirmed(publicId: string): Promise<boolean>
  /** Deletes those that have ended, and answers their public ids. */
  sweepExpired(): Promise<string[]>
  /** The secret in a request's headers and how it came; a bearer goes before a cookie. */
  read(headers: {
    authorization: string | undefined
    cookie: string | undefined
  }): { secret: string; via: 'bearer' | 'cookie' } | undefined
  /** `Set-Cookie` headers. One that is not lasting goes when the browser is closed. */
  cookie(secret: string, isLasting: boolean): string
  blankCookie(): string
}

/** As long as people are used to; moved on when half of it is over, so whoever comes back stays signed in. */
const LASTING_LIFE = new TimeSpan(30, 'd')
/** On somebody else's computer: browsers that restore their tabs keep such cookies, so a day without use ends it too. */
const BRIEF_LIFE = new TimeSpan(1, 'd')
/** However it is used: a week is long on somebody else's computer. Lasting ones end as SESSION_MAX_DAYS says. */
const BRIEF_MAX_MS = 7 * DAY_MS
/** A quarter of an hour: long enough for several changes in a row, short enough for a computer left alone. */
export const CONFIRMED_FOR_MS = 15 * MINUTE_MS
/** The last use is known to within this; more often would be a write per request. */
const USE_NOTED_EVERY_MS = 5 * MINUTE_MS
/** Real ones have 100 to 250 characters; whatever sends more needs no more room. */
const USER_AGENT_MAX_CHARS = 300
/** lucia makes ids of 25 random bytes in base 32. Nothing else is worth asking the database about. */
const SECRET_FORM = /^[a-z2-7]{40}$/

/** A program may sign in anew for every run; more than this nobody looks through. */
const LISTED_MAX = 100

type SessionRow = Omit<typeof loginSessions.$inferSelect, 'id' | 'userId' | 'expiresAt'>
type NewSessionRow = Partial<SessionRow> & Pick<SessionRow, 'publicId'>
type UserRow = { handle: string; displayName: string; role: ViewerRole; deletedAt: Date | null }

declare module 'lucia' {
  interface Register {
    Lucia: Lucia<SessionRow, UserRow>
    DatabaseSessionAttributes: NewSessionRow
    DatabaseUserAttributes: UserRow
  }
}

type Deps = {
  orm: Database['orm']
  isSecure: boolean
  clock: Clock
  /** How long a lasting session goes on at most, however much it is used. */
  maxLifeMs: number
}

/** `isSecure`: people reach the server over HTTPS, so cookies go over nothing else and are bound to this very host. */
export function createLoginSessions({ orm, isSecure, clock, maxLifeMs }: Deps): LoginSessions {
  const name = isSecure ? '__Host-flow_session' : 'flow_session'
  const cookieOptions = { path: '/', httpOnly: true, sameSite: 'Lax', secure: isSecure } as const
  const now = () => new Date(clock.nowMs())
  const isLately = (confirmedAt: Date | null | undefined) => isConfirmedAt(confirmedAt, clock.nowMs())
  const adapter = hashing(new DrizzlePostgreSQLAdapter(orm, loginSessions, users))
  const lastEndOf = ({ isLasting, createdAt }: Pick<SessionRow, 'isLasting' | 'createdAt'>) =>
    new Date(createdAt.getTime() + (isLasting ? maxLifeMs : BRIEF_MAX_MS))
  const lucia = luciaWith(adapter, true)

  return {
    async begin(tx, userId, { isLasting, userAgent, network }) {
      const publicId = randomUUID()
      const createdAt = now()
      const writing = hashing(new DrizzlePostgreSQLAdapter(tx, loginSessions, users))
      const within = luciaWith(endingBy(writing, lastEndOf({ isLasting, createdAt })), isLasting)
      const { id } = await within.createSession(userId, {
        ...{ publicId, isLasting, createdAt, lastUsedAt: now(), confirmedAt: now(), confirmedBy: 'sign_in' },
        ...(userAgent && { userAgent: userAgent.slice(0, USER_AGENT_MAX_CHARS) }),
        ...(network && { network }),
      })
      return { secret: id, publicId }
    },
    async find(secret, network) {
      if (!SECRET_FORM.test(secret)) return undefined
      // How long a session may live stands in its row, and lucia must know that before it looks at the row.
      const loaded = await adapter.getSessionAndUser(secret)
      if (!loaded[0]) return undefined
      const row = loaded[0].attributes as SessionRow
      const lastEnd = lastEndOf(row)
      if (lastEnd <= now()) return undefined
      const isAtLastEnd = loaded[0].expiresAt >= lastEnd
      const known = { ...endingBy(adapter, lastEnd), getSessionAndUser: async () => loaded }
      const { session, user } = await luciaWith(known, row.isLasting).validateSession(secret)
      if (!session || user.deletedAt) return undefined
      if (clock.nowMs() - session.lastUsedAt.getTime() > USE_NOTED_EVERY_MS)
        await noteUse(orm, secret, { lastUsedAt: now(), ...(network && { network }) })
      const { id: userId, handle, displayName, role } = user
      const { publicId, isLasting, confirmedAt, fresh } = session
      const isRenewed = fresh && !isAtLastEnd
      return {
        ...{ publicId, userId, handle, displayName, role, isLasting, isRenewed },
        confirmedAt: confirmedAt ?? undefined,
      }
    },
    end: (secret) => lucia.invalidateSession(secret),
    list: (userId) => listOf(orm, userId, now()),
    async endOne(userId, publicId) {
      const ended = await orm
        .delete(loginSessions)
        .where(and(eq(loginSessions.userId, userId), eq(loginSessions.publicId, publicId)))
        .returning({ publicId: loginSessions.publicId })
      return ended.length > 0
    },
    async endAll(tx, userId, exceptPublicId) {
      const isOther = exceptPublicId === undefined ? undefined : ne(loginSessions.publicId, exceptPublicId)
      const ended = await tx
        .delete(loginSessions)
        .where(and(eq(loginSessions.userId, userId), isOther))
        .returning({ publicId: loginSessions.publicId })
      return ended.map(({ publicId }) => publicId)
    },
    async confirm(publicId, method) {
      const change = { confirmedAt: now(), confirmedBy: method }
      await orm.update(loginSessions).set(change).where(eq(loginSessions.publicId, publicId))
    },
    async isConfirmed(publicId) {
      const [row] = await orm
        .select({ confirmedAt: loginSessions.confirmedAt })
        .from(loginSessions)
        .where(eq(loginSessions.publicId, publicId))
      return isLately(row?.confirmedAt)
    },
    async sweepExpired() {
      const { createdAt, expiresAt, isLasting, publicId } = loginSessions
      const isOver = (lasting: boolean, lifeMs: number) =>
        and(eq(isLasting, lasting), lte(createdAt, new Date(clock.nowMs() - lifeMs)))
      const ended = await orm
        .delete(loginSessions)
        .where(or(lte(expiresAt, now()), isOver(true, maxLifeMs), isOver(false, BRIEF_MAX_MS)))
        .returning({ publicId })
      return ended.map((row) => row.publicId)
    },
    read({ authorization, cookie }) {
      const bearer = authorization?.match(/^Bearer +(\S+)$/i)?.[1]
      if (bearer) return { secret: bearer, via: 'bearer' }
      // lucia's own parser throws on a cookie that is not well encoded, which anybody can send.
      const secret = cookie === undefined ? undefined : parse(cookie, name)[name]
      return secret ? { secret, via: 'cookie' } : undefined
    },
    cookie: (secret, isLasting) =>
      serialize(name, secret, {
        ...cookieOptions,
        ...(isLasting && { maxAge: LASTING_LIFE.seconds() }),
      }),
    blankCookie: () => serialize(name, '', { ...cookieOptions, maxAge: 0 }),
  }
}

/** Whether a session that was confirmed then may do now what needs a step up. */
export const isConfirmedAt = (confirmedAt: Date | null | undefined, nowMs: number): boolean =>
  confirmedAt !== null && confirmedAt !== undefined && nowMs - confirmedAt.getTime() < CONFIRMED_FOR_MS

/** Two calls at once write the same; the condition spares the second one the write. */
async function noteUse(orm: Database['orm'], secret: string, use: { lastUsedAt: Date; network?: string }) {
  await orm
    .update(loginSessions)
    .set(use)
    .where(and(eq(loginSessions.id, sha256(secret)), lt(loginSessions.lastUsedAt, use.lastUsedAt)))
}

async function listOf(orm: Database['orm'], userId: string, now: Date): Promise<ListedSession[]> {
  return await orm
    .select({
      publicId: loginSessions.publicId,
      expiresAt: loginSessions.expiresAt,
      isLasting: loginSessions.isLasting,
      userAgent: loginSessions.userAgent,
      network: loginSessions.network,
      lastUsedAt: loginSessions.lastUsedAt,
      confirmedAt: loginSessions.confirmedAt,
      createdAt: loginSessions.createdAt,
    })
    .from(loginSessions)
    .where(and(eq(loginSessions.userId, userId), gt(loginSessions.expiresAt, now)))
    .orderBy(desc(loginSessions.lastUsedAt))
    .limit(LISTED_MAX)
}

const luciaWith = (adapter: Adapter, isLasting: boolean) =>
  new Lucia<SessionRow, UserRow>(adapter, {
    sessionExpiresIn: isLasting ? LASTING_LIFE : BRIEF_LIFE,
    getSessionAttributes: (row) => row as SessionRow,
    getUserAttributes: ({ handle, displayName, role, deletedAt }) => ({
      handle,
      displayName,
      role,
      deletedAt,
    }),
  })

/** lucia moves an end on by the same time again and again; this one writes none later than `lastEnd`. */
const endingBy = (adapter: Adapter, lastEnd: Date): Adapter => {
  const capped = (expiresAt: Date) => (expiresAt < lastEnd ? expiresAt : lastEnd)
  return {
    ...adapter,
    setSession: (session) => adapter.setSession({ ...session, expiresAt: capped(session.expiresAt) }),
    updateSessionExpiration: (id, expiresAt) => adapter.updateSessionExpiration(id, capped(expiresAt)),
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
