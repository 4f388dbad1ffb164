import { CodeChallengeMethod, Facebook, OAuth2Client } from 'arctic'
import type { z } from 'zod'
import type { ProviderId } from '../../contract/oauth.ts'
import type { Clock } from '../../core/time.ts'
import { createOidcProvider } from './oauth.oidc.ts'
import { type ForeignPerson, facebookPerson, gitHubPerson, twitterPerson } from './oauth.profiles.ts'
import { getJson, misfitting, redeemCode } from './oauth.requests.ts'

/** One way to come from elsewhere. */
export type OAuthProvider = {
  id: z.output<typeof ProviderId>
  /** As people know it. */
  name: string
  /** Where the browser goes. Throws `unavailable`. */
  authorizationUrl(attempt: Attempt): Promise<URL>
  /**
   * Who came back with `code`. Throws `expired` for a code that the provider refuses, `unauthenticated` for an answer
   * that can't be trusted, `unavailable`.
   */
  person(attempt: Omit<Attempt, 'state'> & { code: string; iss?: string | undefined }): Promise<ForeignPerson>
}

/** `verifier` is of PKCE (RFC 7636), `nonce` of OpenID Connect. */
export type Attempt = { state: string; verifier: string; nonce: string; redirectUri: string }

type Named = 'GOOGLE' | 'FACEBOOK' | 'TWITTER' | 'GITHUB' | 'OIDC'
/** Clients at providers; what has none is off. */
export type OAuthSettings = {
  readonly [K in `${Named}_CLIENT_ID` | `${Named}_CLIENT_SECRET`]?: string | undefined
} & { readonly OIDC_ISSUER?: string | undefined; readonly OIDC_NAME: string }

type Client = { clientId: string; clientSecret: string }

/** The providers that the settings name a client for, in the order in which people see them. */
export function createProviders(config: OAuthSettings, clock: Clock): OAuthProvider[] {
  const client = (clientId: string | undefined, clientSecret: string | undefined): Client | undefined =>
    clientId && clientSecret ? { clientId, clientSecret } : undefined
  const google = client(config.GOOGLE_CLIENT_ID, config.GOOGLE_CLIENT_SECRET)
  const facebook = client(config.FACEBOOK_CLIENT_ID, config.FACEBOOK_CLIENT_SECRET)
  const twitter = client(config.TWITTER_CLIENT_ID, config.TWITTER_CLIENT_SECRET)
  const gitHub = client(config.GITHUB_CLIENT_ID, config.GITHUB_CLIENT_SECRET)
  const own = client(config.OIDC_CLIENT_ID, config.OIDC_CLIENT_SECRET)
  const issuer = config.OIDC_ISSUER
  return [
    google && createOidcProvider({ ...google, ...GOOGLE, clock }),
    facebook && facebookProvider(facebook),
    twitter && plainProvider(twitter, TWITTER),
    gitHub && plainProvider(gitHub, GITHUB),
    own && issuer && createOidcProvider({ ...own, id: 'oidc', name: config.OIDC_NAME, issuer, clock }),
  ].filter((provider) => provider !== undefined && provider !== '')
}

const GOOGLE = { id: 'google', name: 'Google', issuer: 'https://accounts.google.com' } as const

/** A provider with OAuth 2 alone: who came is asked with the access token. */
type Plain = Pick<OAuthProvider, 'id' | 'name'> & {
  authorizationEndpoint: string
  tokenEndpoint: string
  scopes: string[]
  person(accessToken: string): Promise<ForeignPerson>
}

/** https://docs.x.com/fundamentals/authentication/oauth-2-0/authorization-code; `users/me` needs both scopes. */
const TWITTER: Plain = {
  id: 'twitter',
  name: 'X',
  authorizationEndpoint: 'https://x.com/i/oauth2/authorize',
  tokenEndpoint: 'https://api.x.com/2/oauth2/token',
  scopes: ['users.read', 'tweet.read'],
  person: async (token) => twitterPerson(await getJson('https://api.x.com/2/users/me', token)),
}

/** https://docs.github.com/apps/oauth-apps/building-oauth-apps/authorizing-oauth-apps */
const GITHUB: Plain = {
  id: 'github',
  name: 'GitHub',
  authorizationEndpoint: 'https://github.com/login/oauth/authorize',
  tokenEndpoint: 'https://github.com/login/oauth/access_token',
  scopes: ['read:user', 'user:email'],
  person: async (token) =>
    gitHubPerson(
      await getJson('https://api.github.com/user', token),
      await getJson('https://api.github.com/user/emails', token),
    ),
}

function plainProvider({ clientId, clientSecret }: Client, plain: Plain): OAuthProvider {
  const clientFor = (redirectUri: string) => new OAuth2Client(clientId, clientSecret, redirectUri)
  return {
    ...{ id: plain.id, name: plain.name },
    authorizationUrl: async ({ state, verifier, redirectUri }) =>
      clientFor(redirectUri).createAuthorizationURLWithPKCE(
        plain.authorizationEndpoint,
        ...([state, CodeChallengeMethod.S256, verifier, plain.scopes] as const),
      ),
    async person({ code, verifier, redirectUri }) {
      const client = clientFor(redirectUri)
      const tokens = await redeemCode(() =>
        client.validateAuthorizationCode(plain.tokenEndpoint, code, verifier),
      )
      return await trusted(tokens, (accessToken) => plain.person(accessToken))
    },
  }
}

/** Its authorization code flow takes no PKCE verifier; the client's secret, the state and the browser's key bind the code. */
function facebookProvider({ clientId, clientSecret }: Client): OAuthProvider {
  const clientFor = (redirectUri: string) => new Facebook(clientId, clientSecret, redirectUri)
  return {
    ...{ id: 'facebook', name: 'Facebook' },
    authorizationUrl: async ({ state, redirectUri }) =>
      clientFor(redirectUri).createAuthorizationURL(state, ['public_profile']),
    async person({ code, redirectUri }) {
      const tokens = await redeemCode(() => clientFor(redirectUri).validateAuthorizationCode(code))
      return await trusted(tokens, async (accessToken) =>
        facebookPerson(await getJson('https://graph.facebook.com/me?fields=id,name', accessToken)),
      )
    },
  }
}

/** GitHub answers a refused code with 200 and no token. */
async function trusted(
  tokens: { data: object; accessToken(): string },
  ask: (accessToken: string) => Promise<ForeignPerson>,
): Promise<ForeignPerson> {
  if (!('access_token' in tokens.data)) throw misfitting('There is no access token.')
  return await ask(tokens.accessToken())
}
