import { ArcticFetchError, OAuth2RequestError } from 'arctic'
import { AppError } from '../../core/errors.ts'
import { SECOND_MS } from '../../core/time.ts'

/** People wait for this with an empty page; a provider that needs longer is away. */
const TIMEOUT_MS = 10 * SECOND_MS

/** What providers say of a code that was used, is old, or is another client's (RFC 6749, 5.2; GitHub has a word of its own). */
const REFUSED_CODE = ['invalid_grant', 'bad_verification_code']

/** JSON of a provider's address; throws `unavailable` where nothing answers, `unauthenticated` for another answer than 200. */
export async function getJson(url: string, accessToken?: string): Promise<unknown> {
  const headers = new Headers({ accept: 'application/json', 'user-agent': 'social-flow' })
  if (accessToken !== undefined) headers.set('authorization', `Bearer ${accessToken}`)
  const signal = AbortSignal.timeout(TIMEOUT_MS)
  const response = await fetch(url, { headers, signal, redirect: 'error' }).catch(away)
  if (!response.ok) throw response.status >= 500 ? away(response.status) : misfit(response.status)
  return await response.json().catch(misfit)
}

/** Redeems a code; throws `expired` for one that the provider refuses, `unavailable` where it does not answer. */
export async function redeemCode<T>(redeem: () => Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new ArcticFetchError(new Error('It took too long.'))), TIMEOUT_MS)
  })
  try {
    return await Promise.race([redeem(), late])
  } catch (error) {
    if (error instanceof OAuth2RequestError && REFUSED_CODE.includes(error.code))
      throw new AppError('expired', undefined, undefined, { cause: error })
    // The provider does not accept the client: a fault of the settings, which its operator must see in the log.
    if (error instanceof OAuth2RequestError) throw error
    if (error instanceof ArcticFetchError) throw unavailable(error)
    throw misfitting(error)
  } finally {
    clearTimeout(timer)
  }
}

/** What the provider sent is not what it should be: nobody is signed in by it. */
export const misfitting = (cause: unknown): AppError =>
  new AppError('unauthenticated', 'The answer of the provider could not be trusted.', undefined, { cause })

const unavailable = (cause: unknown) =>
  new AppError('unavailable', 'The provider does not answer at the moment.', undefined, { cause })

function away(cause: unknown): never {
  throw unavailable(cause)
}

function misfit(cause: unknown): never {
  throw misfitting(cause)
}
