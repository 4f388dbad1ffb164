import type { oauth as contract } from '../../../contract/oauth.ts'
import { AppError } from '../../../core/errors.ts'
import type { OAuthService } from '../../../features/oauth/oauth.service.ts'
import { type ArrivalDeps, arrivalOf, handOver } from '../../arrival.ts'
import type { RouteHandlers, RouteRequest } from '../../route.ts'
import type { BrowserKeys } from './browser-key.ts'

type Deps = ArrivalDeps & {
  oauth: OAuthService
  browserKeys: BrowserKeys
  /** Origin of the page that asks, to which the provider sends the browser back. */
  linkOrigin: (origin: string | undefined, host: string | undefined) => string
}
type Request = Pick<RouteRequest, 'header' | 'setCookie'>

/** Longer names and handles than ours are cut, and the person sees them before they are taken. */
const NAME_MAX_CHARS = 50
const HANDLE_MAX_CHARS = 24

export function oauthRoutes(deps: Deps): RouteHandlers<typeof contract.routes> {
  const { oauth, browserKeys } = deps
  const start = async (
    request: Request,
    provider: string,
    more: { linkTo?: string; isLasting?: boolean },
  ) => {
    const { linkTo, ...kept } = more
    const origin = deps.linkOrigin(request.header('origin'), request.header('host'))
    const url = await oauth.start(
      provider,
      { origin, linkTo },
      { browser: browserKeys.begin(request), ...kept },
    )
    return { url: url.href }
  }
  return {
    oauthProviders: async () => ({ providers: oauth.providers() }),
    startOAuth: (request) => start(request, request.params.provider, { isLasting: request.body.remember }),
    connectAccount: (request) =>
      start(request, request.params.provider, { linkTo: userIdOf(request.visitor) }),
    async finishOAuth(request) {
      // A second factor that is asked for now is bound to the same browser: the key lives on.
      const arrival = arrivalOf(deps, request, { browser: browserKeys.begin(request) })
      const { session } = request.visitor
      // Who is leaving signs in here, and connects nothing any more.
      const asking = session?.rights.deletion ? undefined : session
      const end = await oauth.finish(request.params.provider, request.body, { arrival, asking })
      if (end.outcome === 'linked') return end
      if (end.outcome === 'signed_in') {
        const { account } = await handOver(deps, request, 'cookie', end.signedIn)
        return { outcome: 'signed_in', account }
      }
      const { name = '', handle = '', email = null } = end.person
      return {
        ...{ outcome: 'sign_up', ticket: end.ticket, email },
        displayName: (name || handle).slice(0, NAME_MAX_CHARS),
        handle: handle.toLowerCase().slice(0, HANDLE_MAX_CHARS),
      }
    },
    async signUpByOAuth(request) {
      const arrival = arrivalOf(deps, request, { browser: browserKeys.find(request) })
      return await handOver(deps, request, 'cookie', await oauth.signUp(request.body, arrival))
    },
    connectedAccounts: async ({ visitor }) => ({ accounts: await oauth.list(userIdOf(visitor)) }),
    async disconnectAccount({ visitor, params }) {
      await oauth.unlink(userIdOf(visitor), params.provider)
      return {}
    },
  }
}

function userIdOf({ session }: RouteRequest['visitor']): string {
  if (!session) throw new AppError('unauthenticated')
  return session.userId
}
