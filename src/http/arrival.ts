import { parse, serialize } from 'hono/utils/cookie'
import { DAY_MS, SECOND_MS } from '../core/time.ts'
import type {
  AccountsService,
  AccountView,
  Arrival,
  SignedIn,
} from '../features/accounts/accounts.service.ts'
import type { LoginSessions } from '../infra/access/login-sessions.ts'
import type { RouteRequest } from './route.ts'

export type ArrivalDeps = {
  accounts: Pick<AccountsService, 'signOut'>
  sessions: LoginSessions
  /** The site is reached over HTTPS, so its cookies go over nothing else. */
  isSecure: boolean
}

/** Browsers keep no cookie longer than 400 days (RFC 6265bis); renewed with every sign-in. */
const DEVICE_COOKIE_LIFE_MS = 400 * DAY_MS

const deviceCookie = (isSecure: boolean) => (isSecure ? '__Host-flow_device' : 'flow_device')

type Asked = Pick<RouteRequest, 'visitor' | 'header' | 'setCookie'>

/** Who signs in from where, as the request tells; every way to sign in begins with it. */
export function arrivalOf(
  { isSecure }: Pick<ArrivalDeps, 'isSecure'>,
  { visitor, header }: Pick<RouteRequest, 'visitor' | 'header'>,
  given: Pick<Arrival, 'browser' | 'isLasting'>,
): Arrival {
  const name = deviceCookie(isSecure)
  const deviceSecret = parse(header('cookie') ?? '', name)[name]
  return { address: visitor.address, userAgent: header('user-agent'), deviceSecret, ...given }
}

/**
 * Gives the new session's secret to whoever signed in, and every way to sign in ends with it. The session that the
 * browser had before ends, and its cookies change: what somebody planted in it is worth nothing.
 */
export async function handOver(
  { accounts, sessions, isSecure }: ArrivalDeps,
  { visitor, setCookie }: Asked,
  kind: 'cookie' | 'bearer',
  { account, secret, isLasting, deviceSecret }: SignedIn,
): Promise<{ account: AccountView; bearer?: string }> {
  if (kind === 'bearer') return { account, bearer: secret }
  if (visitor.session?.via === 'cookie') await accounts.signOut(visitor.session.secret)
  setCookie(sessions.cookie(secret, isLasting))
  const maxAge = DEVICE_COOKIE_LIFE_MS / SECOND_MS
  setCookie(
    serialize(deviceCookie(isSecure), deviceSecret, {
      ...{ path: '/', httpOnly: true, sameSite: 'Lax', secure: isSecure },
      // On somebody else's computer nothing stays.
      ...(isLasting && { maxAge }),
    }),
  )
  return { account }
}
