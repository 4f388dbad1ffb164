import type { AccountsService, SignedIn } from '../../features/accounts/accounts.service.ts'
import type { LoginSessions } from '../../infra/access/login-sessions.ts'
import type { RouteRequest } from '../route.ts'

type Deps = { accounts: Pick<AccountsService, 'signOut'>; sessions: LoginSessions }
type Request = Pick<RouteRequest, 'visitor' | 'setCookie'>

/** Gives the new session's secret to whoever signed in; a browser's former session ends. */
export async function handOver(
  { accounts, sessions }: Deps,
  { visitor, setCookie }: Request,
  { account, secret }: SignedIn,
  kind: 'cookie' | 'bearer' = 'cookie',
) {
  if (kind === 'bearer') return { account, bearer: secret }
  if (visitor.session?.via === 'cookie') await accounts.signOut(visitor.session.secret)
  setCookie(sessions.cookie(secret))
  return { account }
}
