import { randomUUID } from 'node:crypto'
import { parse, serialize } from 'hono/utils/cookie'
import { z } from 'zod'
import type { accounts as accountsContract } from '../../contract/accounts.ts'
import { AppError } from '../../core/errors.ts'
import { DAY_MS, SECOND_MS } from '../../core/time.ts'
import type { Viewer } from '../../core/viewer.ts'
import type { AccountsService, SignedIn } from '../../features/accounts/accounts.service.ts'
import type { LoginSessions } from '../../infra/access/login-sessions.ts'
import type { SocketTokens } from '../../infra/access/socket-tokens.ts'
import type { RouteHandlers, RouteRequest } from '../route.ts'
import { viewerOf } from '../visitor.ts'

type Deps = {
  accounts: AccountsService
  sessions: LoginSessions
  socketTokens: SocketTokens
  /** The site is reached over HTTPS, so its cookies go over nothing else. */
  isSecure: boolean
  /** Origin that links in mails begin with, for a request from this page and host. */
  linkOrigin: (origin: string | undefined, host: string | undefined) => string
}

/** Browsers keep no cookie longer than 400 days (RFC 6265bis); a year is what people expect of one. */
const VISITOR_COOKIE_LIFE_MS = 365 * DAY_MS

export function accountRoutes(deps: Deps): RouteHandlers<typeof accountsContract.routes> {
  const { accounts } = deps
  const originOf = ({ header }: Pick<RouteRequest, 'header'>) =>
    deps.linkOrigin(header('origin'), header('host'))

  return {
    async register(request) {
      await accounts.register(request.body, originOf(request))
      return {}
    },
    async resend(request) {
      await accounts.resend(request.body.email, originOf(request))
      return {}
    },
    async verify(request) {
      const signedIn = await accounts.verify(request.body.token)
      return await handOver(deps, request, signedIn)
    },
    async signIn(request) {
      const signedIn = await accounts.signIn(request.body)
      return await handOver(deps, request, signedIn)
    },
    async signInByLink(request) {
      const signedIn = await accounts.signInByLink(request.body.token)
      return await handOver(deps, request, signedIn)
    },
    async signOut({ visitor, setCookie }) {
      if (visitor.session) await accounts.signOut(visitor.session.secret)
      if (visitor.session?.via !== 'bearer') setCookie(deps.sessions.blankCookie())
      return {}
    },
    async setCredentials({ visitor, body }) {
      if (!visitor.session) throw new AppError('unauthenticated')
      return { account: await accounts.setCredentials(visitor.session.userId, body) }
    },
    async me({ visitor }) {
      const account = (visitor.session && (await accounts.find(visitor.session.userId))) ?? null
      const sanction = visitor.session?.rights.sanction
      return { account, suspension: sanction ? { reason: sanction.reason, until: sanction.untilMs } : null }
    },
    async socketToken(request) {
      const { session } = request.visitor
      const viewer = session ? viewerOf(session) : anonymousViewer(deps, request)
      return { ...(await deps.socketTokens.sign(viewer)), viewerId: viewer.id }
    },
  }
}

type SessionRequest = Pick<RouteRequest, 'visitor' | 'setCookie'> & { body: { session: 'cookie' | 'bearer' } }

/** Gives the new session's secret to whoever signed in; a browser's former session ends. */
async function handOver(
  { accounts, sessions }: Deps,
  { body, visitor, setCookie }: SessionRequest,
  { account, secret }: SignedIn,
) {
  if (body.session === 'bearer') return { account, bearer: secret }
  if (visitor.session?.via === 'cookie') await accounts.signOut(visitor.session.secret)
  setCookie(sessions.cookie(secret))
  return { account }
}

/** An anonymous visitor is known by a random cookie, so that several sockets of one browser count once. */
function anonymousViewer(
  { isSecure }: Deps,
  { header, setCookie }: Pick<RouteRequest, 'header' | 'setCookie'>,
): Viewer {
  const name = isSecure ? '__Host-flow_visitor' : 'flow_visitor'
  const known = z.uuid().safeParse(parse(header('cookie') ?? '', name)[name])
  if (known.success) return { id: `anon:${known.data}` }
  const id = randomUUID()
  const maxAge = VISITOR_COOKIE_LIFE_MS / SECOND_MS
  setCookie(serialize(name, id, { path: '/', httpOnly: true, sameSite: 'Lax', secure: isSecure, maxAge }))
  return { id: `anon:${id}` }
}
