import { randomUUID } from 'node:crypto'
import { parse, serialize } from 'hono/utils/cookie'
import { z } from 'zod'
import type { accounts as accountsContract } from '../../../contract/accounts.ts'
import { AppError } from '../../../core/errors.ts'
import { DAY_MS, SECOND_MS } from '../../../core/time.ts'
import type { Viewer, ViewerOrigin } from '../../../core/viewer.ts'
import type {
  AccountsService,
  Arrival,
  Asking,
  SignedIn,
} from '../../../features/accounts/accounts.service.ts'
import { type CountrySettings, countryOf } from '../../../infra/access/country.ts'
import type { SocketTokens } from '../../../infra/access/tokens/socket-tokens.ts'
import { type ArrivalDeps, arrivalOf, handOver } from '../../arrival.ts'
import type { RouteHandlers, RouteRequest } from '../../route.ts'
import { type Visitor, viewerOf } from '../../visitor.ts'
import { canSendTexts, type InboxSettings } from '../inbox.ts'
import type { BrowserKeys } from './browser-key.ts'

type Deps = ArrivalDeps & {
  accounts: AccountsService
  socketTokens: SocketTokens
  browserKeys: BrowserKeys
  config: InboxSettings & CountrySettings
  /** Origin that links in messages begin with, for a request from this page and host. */
  linkOrigin: (origin: string | undefined, host: string | undefined) => string
}

/** Browsers keep no cookie longer than 400 days (RFC 6265bis); a year is what people expect of one. */
const VISITOR_COOKIE_LIFE_MS = 365 * DAY_MS

type Handlers = RouteHandlers<typeof accountsContract.routes>
type Headers = Pick<RouteRequest, 'header'>

export const accountRoutes = (deps: Deps): Handlers => ({
  ...joiningRoutes(deps),
  ...signInRoutes(deps),
  ...securityRoutes(deps),
  ...contactRoutes(deps),
})

const originOf = ({ linkOrigin }: Deps, { header }: Headers) => linkOrigin(header('origin'), header('host'))

/** Whose session a route for accounts was asked with; `bindRoutes` lets nobody else in. */
function askingOf({ session }: Visitor): Asking {
  if (!session) throw new AppError('unauthenticated')
  return session
}

function joiningRoutes(
  deps: Deps,
): Pick<Handlers, 'register' | 'resend' | 'setCredentials' | 'me' | 'socketToken'> {
  const { accounts } = deps
  return {
    async register(request) {
      requireTexts(deps, request.body)
      await accounts.register(request.body, originOf(deps, request))
      return {}
    },
    async resend(request) {
      await accounts.resend(request.body, originOf(deps, request))
      return {}
    },
    async setCredentials({ visitor, body }) {
      return { account: await accounts.setCredentials(askingOf(visitor).userId, body) }
    },
    async me({ visitor }) {
      const account = (visitor.session && (await accounts.find(visitor.session.userId))) ?? null
      const sanction = visitor.session?.rights.sanction
      const { deletion, heldRole } = visitor.session?.rights ?? {}
      return {
        account,
        suspension: sanction ? { reason: sanction.reason, until: sanction.untilMs } : null,
        deletion: deletion ? { eraseAt: deletion.eraseAtMs } : null,
        needsSecondFactor: heldRole !== undefined,
      }
    },
    async socketToken(request) {
      const { session } = request.visitor
      const viewer = session ? viewerOf(session) : anonymousViewer(deps, request)
      const origin = viewerOriginOf(deps, request)
      return { ...(await deps.socketTokens.sign({ ...viewer, origin })), viewerId: viewer.id }
    },
  }
}

type SignInRoute = 'verify' | 'verifyByCode' | 'signIn' | 'signInByLink' | 'resetPassword' | 'signOut'

function signInRoutes(deps: Deps): Pick<Handlers, SignInRoute> {
  const { accounts } = deps
  const finish = async (
    request: Parameters<typeof arrivalOf>[1] & Parameters<typeof handOver>[1] & SignInBody,
    signIn: (arrival: Arrival) => Promise<SignedIn>,
  ) => {
    const { session, remember: isLasting } = request.body
    // A second factor that is asked for is bound to the browser that came with the first one; programs keep no cookies.
    const browser = session === 'cookie' ? deps.browserKeys.prepare(request) : undefined
    const arrival = arrivalOf(deps, request, { browser: browser?.key, isLasting })
    const signedIn = await signIn(arrival).catch((error: unknown) => {
      if (error instanceof AppError && error.code === 'second_factor_required') browser?.keep()
      throw error
    })
    return await handOver(deps, request, session, signedIn)
  }
  return {
    verify: (request) => finish(request, (arrival) => accounts.verify(request.body.token, arrival)),
    verifyByCode: (request) => finish(request, (arrival) => accounts.verifyByCode(request.body, arrival)),
    signIn: (request) => finish(request, (arrival) => accounts.signIn(request.body, arrival)),
    signInByLink: (request) =>
      finish(request, (arrival) => accounts.signInByLink(request.body.token, arrival)),
    resetPassword: (request) =>
      finish(request, (arrival) => accounts.resetPassword(request.body, originOf(deps, request), arrival)),
    async signOut({ visitor, setCookie, clearSite }) {
      if (visitor.session) await accounts.signOut(visitor.session.secret)
      if (visitor.session?.via === 'bearer') return {}
      setCookie(deps.sessions.blankCookie())
      clearSite()
      return {}
    },
  }
}

type SignInBody = { body: { session: 'cookie' | 'bearer'; remember: boolean } }
type SecurityRoute =
  | 'forgotPassword'
  | 'changePassword'
  | 'confirm'
  | 'listSessions'
  | 'endSession'
  | 'endOtherSessions'

function securityRoutes(deps: Deps): Pick<Handlers, SecurityRoute> {
  const { accounts } = deps
  return {
    async forgotPassword(request) {
      await accounts.forgotPassword(request.body, originOf(deps, request))
      return {}
    },
    async changePassword(request) {
      await accounts.changePassword(askingOf(request.visitor), request.body, originOf(deps, request))
      return {}
    },
    async confirm({ visitor, body }) {
      await accounts.confirmByPassword(askingOf(visitor), body.password)
      return {}
    },
    async listSessions({ visitor }) {
      return { sessions: await accounts.listSessions(askingOf(visitor)) }
    },
    async endSession({ visitor, params }) {
      await accounts.endSession(askingOf(visitor), params.id)
      return {}
    },
    async endOtherSessions({ visitor }) {
      return { ended: await accounts.endOtherSessions(askingOf(visitor)) }
    },
  }
}

type ContactRoute =
  | 'getContacts'
  | 'changeEmail'
  | 'confirmEmail'
  | 'undoEmail'
  | 'changePhone'
  | 'verifyPhone'
  | 'removePhone'

function contactRoutes(deps: Deps): Pick<Handlers, ContactRoute> {
  const { accounts } = deps
  return {
    getContacts: ({ visitor }) => accounts.contacts(askingOf(visitor).userId),
    async changeEmail(request) {
      const { userId } = askingOf(request.visitor)
      await accounts.changeEmail(userId, request.body.email, originOf(deps, request))
      return {}
    },
    async confirmEmail(request) {
      await accounts.confirmEmail(request.body.token, originOf(deps, request))
      return {}
    },
    async undoEmail(request) {
      await accounts.undoEmail(request.body.token, originOf(deps, request))
      return {}
    },
    async changePhone(request) {
      requireTexts(deps, request.body)
      const { userId } = askingOf(request.visitor)
      await accounts.changePhone(userId, request.body.phone, originOf(deps, request))
      return {}
    },
    async verifyPhone({ visitor, body }) {
      await accounts.verifyPhone(askingOf(visitor).userId, body.code)
      return {}
    },
    async removePhone({ visitor }) {
      await accounts.removePhone(askingOf(visitor).userId)
      return {}
    },
  }
}

/** A number that no text can reach would never be proved. */
function requireTexts({ config }: Deps, { phone }: { phone?: string | undefined }): void {
  if (phone === undefined || canSendTexts(config)) return
  const message = 'This server sends no texts; use a mail address.'
  throw new AppError('invalid_input', message, { issues: [{ path: 'phone', message }] })
}

/** As much of a browser's name as tells browsers apart; tokens are short. */
const USER_AGENT_MAX_CHARS = 300

function viewerOriginOf(
  { config }: Pick<Deps, 'config'>,
  request: Pick<RouteRequest, 'visitor' | 'header'>,
): ViewerOrigin {
  const country = countryOf(config, request)
  return {
    address: request.visitor.address,
    userAgent: (request.header('user-agent') ?? '').slice(0, USER_AGENT_MAX_CHARS),
    ...(country && { country }),
  }
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
