import { hkdfSync } from 'node:crypto'
import { createSigner, createVerifier } from 'fast-jwt'
import { z } from 'zod'
import { TOKEN_SCOPES } from '../../../core/access/scopes.ts'
import { AppError } from '../../../core/errors.ts'
import { type Clock, MINUTE_MS, SECOND_MS } from '../../../core/time.ts'
import type { Viewer } from '../../../core/viewer.ts'

export type SocketTokens = {
  /** A token that admits this viewer's sockets until `expiresAt` (milliseconds since the epoch). */
  sign(viewer: Viewer): Promise<{ token: string; expiresAt: number }>
  /** Who the token was made for; throws `token_expired` for everything that is not a valid token. */
  verify(token: unknown): Promise<Viewer>
}

/** Long enough for a slow handshake, short enough that a signed-out browser is out of sockets soon. */
export const SOCKET_TOKEN_LIFE_MS = MINUTE_MS
/** Clocks of nodes that are in order differ by less. */
const CLOCK_SKEW_MS = 30 * SECOND_MS
/** Keeps these tokens apart from others that the same secret may sign one day. */
const AUDIENCE = 'social-flow/socket'
/** HS256 takes a key as long as its hash (RFC 7518, 3.2). */
const KEY_BYTES = 32
/** Three UUIDs, a handle, a name of 50 characters and a browser's name of 300 stay far below this. */
const TOKEN_MAX_CHARS = 2048

const Claims = z.object({
  exp: z.int(),
  viewer: z.object({
    id: z.string().min(1),
    account: z
      .object({
        id: z.string(),
        handle: z.string(),
        displayName: z.string(),
        role: z.enum(['member', 'moderator', 'admin']),
        heldRole: z.enum(['moderator', 'admin']).optional(),
        upgrades: z.array(z.enum(['creator', 'advertiser'])).optional(),
        suspension: z.object({ untilMs: z.number().nullable() }).optional(),
        deletion: z.object({ eraseAtMs: z.number() }).optional(),
      })
      .optional(),
    loginSessionId: z.string().optional(),
    token: z.object({ scopes: z.array(z.enum(TOKEN_SCOPES)) }).optional(),
    origin: z
      .object({ address: z.string(), userAgent: z.string(), country: z.string().optional() })
      .optional(),
  }),
})

/**
 * `secretKey` is SECRET_KEY; the signing key is derived from it for this purpose alone (HKDF, RFC 5869). Tokens are judged
 * without leaving the thread: thousands come at once where a gateway has died.
 */
export function createSocketTokens({ secretKey, clock }: { secretKey: string; clock: Clock }): SocketTokens {
  const key = Buffer.from(hkdfSync('sha256', secretKey, '', AUDIENCE, KEY_BYTES))
  const sign = createSigner({ key, algorithm: 'HS256', aud: AUDIENCE, noTimestamp: true })
  // The end is judged below, by the clock that was given.
  const options = { algorithms: ['HS256' as const], allowedAud: AUDIENCE, ignoreExpiration: true }
  const verify = createVerifier({ key, ...options })
  return {
    async sign(viewer) {
      // Whole seconds, as the claim has it, so that what is answered is what is enforced.
      const exp = Math.floor((clock.nowMs() + SOCKET_TOKEN_LIFE_MS) / SECOND_MS)
      return { token: sign({ viewer, exp }), expiresAt: exp * SECOND_MS }
    },
    async verify(token) {
      if (typeof token !== 'string' || token.length > TOKEN_MAX_CHARS) throw new AppError('token_expired')
      return viewerIn(
        claimsOf(() => verify(token) as unknown),
        clock.nowMs(),
      )
    },
  }
}

function claimsOf(verify: () => unknown): unknown {
  try {
    return verify()
  } catch (cause) {
    throw new AppError('token_expired', undefined, undefined, { cause })
  }
}

function viewerIn(payload: unknown, nowMs: number): Viewer {
  const claims = Claims.safeParse(payload)
  if (!claims.success) throw new AppError('token_expired')
  const leftMs = claims.data.exp * SECOND_MS - nowMs
  // Good for longer than any is made for: its signer's clock was ahead, and it would outlive what revokes it.
  if (leftMs <= 0 || leftMs > SOCKET_TOKEN_LIFE_MS + CLOCK_SKEW_MS) throw new AppError('token_expired')
  const { id, account, loginSessionId, token, origin } = claims.data.viewer
  return {
    id,
    ...(account && { account: withoutGaps(account) }),
    ...(loginSessionId && { loginSessionId }),
    ...(token && { token }),
    ...(origin && { origin: originOf(origin) }),
  }
}

type Origin = NonNullable<z.output<typeof Claims>['viewer']['origin']>

const originOf = ({ country, ...origin }: Origin) => ({ ...origin, ...(country && { country }) })

type Account = NonNullable<z.output<typeof Claims>['viewer']['account']>

/** `undefined` for a field that is not there is another thing than its absence. */
const withoutGaps = ({
  heldRole,
  upgrades,
  suspension,
  deletion,
  ...account
}: Account): NonNullable<Viewer['account']> => ({
  ...account,
  ...(heldRole && { heldRole }),
  ...(upgrades && { upgrades }),
  ...(suspension && { suspension }),
  ...(deletion && { deletion }),
})
