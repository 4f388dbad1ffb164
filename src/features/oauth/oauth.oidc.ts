import { CodeChallengeMethod, OAuth2Client } from 'arctic'
import { createRemoteJWKSet, type JWTPayload, jwtVerify } from 'jose'
import { z } from 'zod'
import { AppError } from '../../core/errors.ts'
import { type Clock, HOUR_MS } from '../../core/time.ts'
import { oidcPerson } from './oauth.profiles.ts'
import type { OAuthProvider } from './oauth.providers.ts'
import { getJson, misfitting, redeemCode } from './oauth.requests.ts'
import { requestTokens } from './oauth.tokens.ts'

/** What we use of a provider's own description (OpenID Connect Discovery, 3). */
const Metadata = z.object({
  issuer: z.string(),
  authorization_endpoint: z.url({ protocol: /^https?$/ }),
  token_endpoint: z.url({ protocol: /^https?$/ }),
  jwks_uri: z.url({ protocol: /^https?$/ }),
  userinfo_endpoint: z.url({ protocol: /^https?$/ }).optional(),
  authorization_response_iss_parameter_supported: z.boolean().default(false),
})
const UserInfo = z.looseObject({ sub: z.string() })
type Metadata = z.output<typeof Metadata>
type Described = { metadata: Metadata; keys: ReturnType<typeof createRemoteJWKSet>; readAtMs: number }

/** Signatures that need a key of the provider: never `none`, and no HMAC, whose key we would have to share. */
const ALGORITHMS = ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'EdDSA']
/** Clocks of two servers differ by less. */
const CLOCK_TOLERANCE = '60s'
/** Endpoints hardly ever move; keys are looked up anew by themselves where an unknown one is named. */
const DESCRIPTION_LIFE_MS = HOUR_MS
const SCOPES = ['openid', 'email', 'profile']

type Deps = {
  id: OAuthProvider['id']
  name: string
  issuer: string
  clientId: string
  clientSecret: string
  clock: Clock
}

/** A provider that speaks OpenID Connect; everything about it but its issuer is discovered. */
export function createOidcProvider(deps: Deps): OAuthProvider {
  const { id, name, clientId, clientSecret } = deps
  const describe = createDescription(deps)
  const clientFor = (redirectUri: string) => new OAuth2Client(clientId, clientSecret, redirectUri)
  return {
    id,
    name,
    async authorizationUrl({ state, verifier, nonce, redirectUri }) {
      const { metadata } = await describe()
      const url = clientFor(redirectUri).createAuthorizationURLWithPKCE(
        metadata.authorization_endpoint,
        ...([state, CodeChallengeMethod.S256, verifier, SCOPES] as const),
      )
      url.searchParams.set('nonce', nonce)
      return url
    },
    async person({ code, verifier, nonce, redirectUri, iss }) {
      const described = await describe()
      const { metadata } = described
      // RFC 9207: an answer that came from another provider than the one that was asked.
      const mustNameItself = metadata.authorization_response_iss_parameter_supported
      if (iss === undefined ? mustNameItself : iss !== metadata.issuer) throw misfitting('iss')
      const tokens = await redeemCode(() =>
        requestTokens(metadata.token_endpoint, { clientId, clientSecret }, { code, verifier, redirectUri }),
      )
      const claims = await verifyIdToken(tokens, described, deps, nonce)
      const accessToken = accessTokenOf(tokens)
      if (claims.email !== undefined || !metadata.userinfo_endpoint || !accessToken)
        return oidcPerson(metadata.issuer, claims)
      const more = UserInfo.safeParse(await getJson(metadata.userinfo_endpoint, accessToken))
      // OpenID Connect Core, 5.3.2: userinfo of somebody else, for a token that was swapped.
      if (more.data?.sub !== claims.sub) throw misfitting('sub')
      return oidcPerson(metadata.issuer, { ...claims, ...more.data })
    },
  }
}

function createDescription({ issuer, clock }: Deps): () => Promise<Described> {
  let known: Described | undefined
  const address = `${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`
  return async () => {
    if (known && clock.nowMs() - known.readAtMs < DESCRIPTION_LIFE_MS) return known
    const parsed = Metadata.safeParse(await getJson(address))
    if (!parsed.success) throw misfitting(parsed.error)
    const metadata = parsed.data
    // A description that speaks for somebody else (OpenID Connect Discovery, 4.3).
    if (metadata.issuer.replace(/\/$/, '') !== issuer.replace(/\/$/, '')) throw misfitting('issuer')
    known = { metadata, keys: createRemoteJWKSet(new URL(metadata.jwks_uri)), readAtMs: clock.nowMs() }
    return known
  }
}

type Tokens = { data: object; idToken(): string; accessToken(): string }

function accessTokenOf(tokens: Tokens): string | undefined {
  return 'access_token' in tokens.data ? tokens.accessToken() : undefined
}

/** The claims of an id token that this provider made for us, for this very attempt (OpenID Connect Core, 3.1.3.7). */
async function verifyIdToken(
  tokens: Tokens,
  { metadata, keys }: Described,
  { clientId, clock }: Deps,
  nonce: string,
): Promise<JWTPayload> {
  if (!('id_token' in tokens.data)) throw misfitting('There is no id token.')
  const { payload } = await jwtVerify(tokens.idToken(), keys, {
    issuer: metadata.issuer,
    audience: clientId,
    algorithms: ALGORITHMS,
    clockTolerance: CLOCK_TOLERANCE,
    currentDate: new Date(clock.nowMs()),
    requiredClaims: ['sub', 'exp', 'iat'],
  }).catch((error: unknown) => {
    throw isUnreachable(error)
      ? new AppError('unavailable', 'The provider does not answer at the moment.', undefined, {
          cause: error,
        })
      : misfitting(error)
  })
  if (payload.nonce !== nonce) throw misfitting('nonce')
  const others = Array.isArray(payload.aud) && payload.aud.length > 1
  if ((others || payload.azp !== undefined) && payload.azp !== clientId) throw misfitting('azp')
  return payload
}

/** jose's own errors have a code that begins with ERR_J; what fetch throws when the keys can't be had has none of these. */
const isUnreachable = (error: unknown) =>
  !(error instanceof Error && 'code' in error && String(error.code).startsWith('ERR_J'))
