import { ArcticFetchError, OAuth2RequestError, OAuth2Tokens } from 'arctic'
import { z } from 'zod'
import { misfitting } from './oauth.requests.ts'

const Tokens = z.looseObject({})
/** RFC 6749, 5.2. */
const Refusal = z.looseObject({ error: z.string() })

type Client = { clientId: string; clientSecret: string }
type Exchange = { code: string; verifier: string; redirectUri: string }

/**
 * Redeems a code as arctic's client does (RFC 6749, 4.1.3; RFC 7636, 4.5), but follows no redirect: what answered elsewhere would
 * be believed, and a code, its verifier and the secret of the client could go there. Throws arctic's errors, for `redeemCode`.
 */
export async function requestTokens(
  endpoint: string,
  { clientId, clientSecret }: Client,
  { code, verifier, redirectUri }: Exchange,
): Promise<OAuth2Tokens> {
  const response = await fetch(endpoint, {
    method: 'POST',
    redirect: 'error',
    headers: {
      accept: 'application/json',
      'user-agent': 'social-flow',
      authorization: `Basic ${Buffer.from(`${clientId}:${clientSecret}`).toString('base64')}`,
    },
    body: new URLSearchParams({
      ...{ grant_type: 'authorization_code', code, code_verifier: verifier },
      redirect_uri: redirectUri,
    }),
  }).catch((error: unknown) => {
    throw new ArcticFetchError(error)
  })
  const body: unknown = await response.json().catch(() => undefined)
  const tokens = Tokens.safeParse(body)
  if (response.status === 200 && tokens.success) return new OAuth2Tokens(tokens.data)
  const refusal = Refusal.safeParse(body)
  if ([400, 401].includes(response.status) && refusal.success)
    throw new OAuth2RequestError(refusal.data.error, null, null, null)
  throw misfitting(response.status)
}
