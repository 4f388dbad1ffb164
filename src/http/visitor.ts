import type { HttpBindings } from '@hono/node-server'
import type { Context } from 'hono'
import type { TokenScope } from '../core/access/scopes.ts'
import { AppError } from '../core/errors.ts'
import type { Viewer } from '../core/viewer.ts'
import { type ClientAddresses, coarseNetwork, isLoopbackAddress } from '../infra/access/client-address.ts'
import type { LoginSession, LoginSessions } from '../infra/access/login-sessions.ts'
import { isAllowedOrigin, isLoopbackHost, type OriginSettings } from '../infra/access/origin.ts'
import {
  type AccountRights,
  type AccountRightsReader,
  withRights,
} from '../infra/access/rights/account-rights.ts'
import { type FoundApiToken, isApiToken } from '../infra/access/rights/api-tokens.ts'

export type HttpEnv = {
  Bindings: HttpBindings
  Variables: {
    requestId: string
    /** Path pattern for metrics; the only label of a request that is bounded. */
    route: string
    visitor: Visitor
    /** Pages elsewhere may show this answer in a frame. */
    isFramable?: boolean
  }
}
export type HttpContext = Context<HttpEnv>

/** Who sent a request, as far as its headers and its connection tell. */
export type Visitor = {
  /** Address of the client, behind trusted proxies too. */
  address: string
  /** The request came from this machine, straight and under this machine's own name. */
  isThisMachine: boolean
  session: VisitorSession | undefined
}

/** A login session, or an API token that stands for one; `rights` are those of its account now. */
export type VisitorSession = Omit<LoginSession, 'isRenewed' | 'role'> & {
  secret: string
  via: 'bearer' | 'cookie'
  rights: AccountRights
  /** What the API token was given, where it is one. */
  scopes?: readonly TokenScope[]
}

export type VisitorDeps = {
  sessions: LoginSessions
  /** The API token of a bearer, if it is a valid one. */
  findApiToken: (bearer: string) => Promise<FoundApiToken | undefined>
  readRights: AccountRightsReader
  addresses: ClientAddresses
  config: OriginSettings
  httpPort: () => number
}

/** Reads who sent the request, and lets the browser's session go on where half of its time is over. */
export async function identify(c: HttpContext, deps: VisitorDeps): Promise<Visitor> {
  const peer = c.env.incoming.socket.remoteAddress ?? ''
  const address = deps.addresses.of(peer, c.req.header('x-forwarded-for'))
  return { address, isThisMachine: isThisMachine(c, address), session: await sessionOf(c, deps, address) }
}

async function sessionOf(
  c: HttpContext,
  { sessions, findApiToken, readRights }: VisitorDeps,
  address: string,
): Promise<VisitorSession | undefined> {
  const credential = sessions.read({
    authorization: c.req.header('authorization'),
    cookie: c.req.header('cookie'),
  })
  if (!credential) return undefined
  const isToken = credential.via === 'bearer' && isApiToken(credential.secret)
  const found = isToken
    ? asSession(await findApiToken(credential.secret))
    : await sessions.find(credential.secret, coarseNetwork(address))
  const rights = found && (await readRights([found.userId])).get(found.userId)
  // A ban ends sessions and tokens; one that began meanwhile opens nothing either.
  const isIn = found && rights && rights.sanction?.kind !== 'banned'
  // A program must hear that its token is no good, and not be taken for a visitor.
  if (isToken && !isIn)
    throw new AppError('unauthenticated', 'This API token was revoked, has expired, or never was.')
  if (!isIn) return undefined
  if (credential.via === 'cookie' && 'isRenewed' in found && found.isRenewed)
    c.header('set-cookie', sessions.cookie(credential.secret, found.isLasting), { append: true })
  const { publicId, userId, handle, displayName } = found
  const scopes = 'scopes' in found ? { scopes: found.scopes } : {}
  // A token is nobody's hand: it never steps up.
  const { isLasting, confirmedAt } =
    'isLasting' in found ? found : { isLasting: true, confirmedAt: undefined }
  return { publicId, userId, handle, displayName, isLasting, confirmedAt, ...scopes, ...credential, rights }
}

const asSession = (token: FoundApiToken | undefined) => {
  if (!token) return undefined
  const { id: publicId, ...found } = token
  return { publicId, ...found }
}

/** What a proxy adds to a request on its way. */
const PROXY_HEADERS = ['x-forwarded-for', 'x-forwarded-host', 'x-real-ip', 'forwarded', 'via']

/**
 * A loopback address alone proves nothing: a proxy on this machine has one, and so has a page elsewhere whose name was
 * made to point here (DNS rebinding). nginx, left as it comes, forwards as HTTP/1.0 and adds no header.
 */
function isThisMachine(c: HttpContext, address: string): boolean {
  return (
    isLoopbackAddress(address) &&
    isLoopbackHost(c.req.header('host')) &&
    c.env.incoming.httpVersion !== '1.0' &&
    PROXY_HEADERS.every((name) => c.req.header(name) === undefined)
  )
}

/**
 * Cross-site request forgery: a request that may change something and carries cookies, or says which page it came from,
 * must come from a page of ours; throws `foreign_origin`. What has neither is no browser's.
 */
export function requireOwnOrigin(c: HttpContext, { config, httpPort }: VisitorDeps): void {
  if (c.req.method === 'GET' || c.req.method === 'HEAD') return
  // Browsers alone can set it, and it also holds where a proxy changes the host.
  if (c.req.header('sec-fetch-site') === 'same-origin') return
  const origin = c.req.header('origin')
  if (origin === undefined && c.req.header('cookie') === undefined) return
  if (isAllowedOrigin({ origin, host: c.req.header('host'), config, httpPort: httpPort() })) return
  throw new AppError('foreign_origin')
}

/** The viewer of a session, as sockets know it too. */
export const viewerOf = ({
  userId,
  handle,
  displayName,
  publicId,
  rights,
  scopes,
}: VisitorSession): Viewer => ({
  id: userId,
  account: withRights({ id: userId, handle, displayName }, rights),
  loginSessionId: publicId,
  ...(scopes && { token: { scopes } }),
})

/** Who sent a request, for questions of rights; without a session nobody in particular. */
export const viewerIn = ({ session }: Pick<Visitor, 'session'>): Viewer =>
  session ? viewerOf(session) : { id: 'anon:' }

/** The session of a request that the contract opens to accounts only; throws `unauthenticated` where there is none. */
export function sessionIn({ session }: Visitor): VisitorSession {
  if (!session) throw new AppError('unauthenticated')
  return session
}

/** Who does something that is written down. */
export const actorIn = (visitor: Visitor): { viewer: Viewer; address: string } => ({
  viewer: viewerIn(visitor),
  address: visitor.address,
})
