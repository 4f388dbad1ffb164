import { hkdfSync } from 'node:crypto'
import { createSigner, createVerifier } from 'fast-jwt'
import { z } from 'zod'
import { AppError } from '../../../core/errors.ts'
import { type Clock, SECOND_MS } from '../../../core/time.ts'

/** Who plays which video, and where: what stands in the path of its files. Without a viewer it is an anonymous one. */
export type MediaGrant = { viewerId: string | undefined; country: string | undefined; videoId: string }

export type MediaGrants = {
  /** `expiresAt` is in milliseconds since the epoch. */
  sign(grant: MediaGrant): { grant: string; expiresAt: number }
  /** Throws `token_expired` for everything that is no valid grant. */
  verify(grant: string): MediaGrant & { expiresAt: number }
}

/** Clocks of nodes that are in order differ by less. */
const CLOCK_SKEW_MS = 30 * SECOND_MS
/** Keeps grants apart from other tokens of the same secret. */
const AUDIENCE = 'social-flow/media'
/** HS256 takes a key as long as its hash (RFC 7518, 3.2). */
const KEY_BYTES = 32
/** Two UUIDs and a time take about 260. */
const GRANT_MAX_CHARS = 512

const Claims = z.object({
  exp: z.int(),
  v: z.uuid(),
  u: z.string().min(1).optional(),
  c: z.string().length(2).optional(),
})

/**
 * When what is granted now ends, in milliseconds since the epoch: at least `lifeMs` from now, so that a player has time to ask
 * for the next one, and twice as long at most. All grants of such a step end together, so that the same viewer gets the same
 * addresses, and their browser keeps pictures.
 */
export const grantEndMs = (nowMs: number, lifeMs: number): number => (Math.floor(nowMs / lifeMs) + 2) * lifeMs

type Deps = { secretKey: string; clock: Clock /** In whole seconds. */; lifeMs: number }

/** Grants are judged without leaving the thread: a player asks for a file every few seconds. */
export function createMediaGrants({ secretKey, clock, lifeMs }: Deps): MediaGrants {
  const key = Buffer.from(hkdfSync('sha256', secretKey, '', AUDIENCE, KEY_BYTES))
  const sign = createSigner({ key, algorithm: 'HS256', aud: AUDIENCE, noTimestamp: true })
  // The end is judged below, by the clock that was given.
  const verify = createVerifier({
    key,
    algorithms: ['HS256'],
    allowedAud: AUDIENCE,
    ignoreExpiration: true,
  })
  return {
    sign({ viewerId, country, videoId }) {
      const exp = grantEndMs(clock.nowMs(), lifeMs) / SECOND_MS
      const who = {
        ...(viewerId !== undefined && { u: viewerId }),
        ...(country !== undefined && { c: country }),
      }
      const claims = { exp, v: videoId, ...who }
      return { grant: sign(claims), expiresAt: exp * SECOND_MS }
    },
    verify(grant) {
      const { exp, v: videoId, u: viewerId, c: country } = claimsOf(grant, verify)
      const leftMs = exp * SECOND_MS - clock.nowMs()
      // Good for longer than any is made for: its signer's clock was ahead.
      if (leftMs <= 0 || leftMs > 2 * lifeMs + CLOCK_SKEW_MS) throw new AppError('token_expired')
      return { viewerId, country, videoId, expiresAt: exp * SECOND_MS }
    },
  }
}

function claimsOf(grant: string, verify: (token: string) => unknown): z.output<typeof Claims> {
  if (grant.length > GRANT_MAX_CHARS) throw new AppError('token_expired')
  try {
    return Claims.parse(verify(grant))
  } catch (cause) {
    throw new AppError('token_expired', undefined, undefined, { cause })
  }
}
