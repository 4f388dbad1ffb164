import type { HttpBindings } from '@hono/node-server'
import type { Context } from 'hono'
import { AppError } from '../core/errors.ts'
import type { Viewer } from '../core/viewer.ts'
import { type ClientAddresses, coarseNetwork, isLoopbackAddress } from '../infra/access/client-address.ts'
import type { LoginSession, LoginSessions } from '../infra/access/login-sessions.ts'
import { isAllowedOrigin, isLoopbackHost, type OriginSettings } from '../infra/access/origin.ts'

export type HttpEnv = {
  Bindings: HttpBindings
  Variables: {
    requestId: string
    /** Path pattern for metrics; the only label of a request that is bounded. */
    route: string
    visitor: Visitor
  }
}
export type HttpContext = Context<HttpEnv>

/** Who sent a request, as far as its headers and its connection tell. */
export type Visitor = {
  /** Address of the client, behind trusted proxies too. */
  address: string
  /** The request came from this machine, straight and under this machine's own name. */
  isThisMachine: boolean
  session: (LoginSession & { secret: string; via: 'bearer' | 'cookie' }) | undefined
}

export type VisitorDeps = {
  sessions: LoginSessions
  addresses: ClientAddresses
  config: OriginSettings
  httpPort: () => number
}

/** Reads who sent the request, and lets the browser's session go on where half of its time is over. */
export async function identify(c: HttpContext, { sessions, addresses }: VisitorDeps): Promise<Visitor> {
  const peer = c.env.incoming.socket.remoteAddress ?? ''
  const address = addresses.of(peer, c.req.header('x-forwarded-for'))
  const credential = sessions.read({
    authorization: c.req.header('authorization'),
    cookie: c.req.header('cookie'),
  })
  const found = credential && (await sessions.find(credential.secret, coarseNetwork(address)))
  if (credential?.via === 'cookie' && found?.isRenewed)
    c.header('set-cookie', sessions.cookie(credential.secret, found.isLasting), { append: true })
  return {
    address,
    isThisMachine: isThisMachine(c, address),
    session: credential && found && { ...found, ...credential },
  }
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

/** The viewer of a login session, as sockets know it too. */
export const viewerOf = (session: LoginSession): Viewer => ({
  id: session.userId,
  account: {
    id: session.userId,
    handle: session.handle,
    displayName: session.displayName,
    role: session.role,
  },
  loginSessionId: session.publicId,
})
