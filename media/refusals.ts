import { AppError } from '../src/core/errors.ts'

/** What a method says about an id that nothing has (any more). */
export const noSuch = (thing: 'transport' | 'consumer') =>
  new AppError('not_found', `There is no such ${thing} any more.`)

/** Where a request to a worker goes: mediasoup's objects and their parents know whether they are still open. */
type Target = { readonly closed: boolean }

/**
 * Runs a request to a mediasoup worker. If `host` (worker or router) closed meanwhile, an error becomes `unavailable`; if
 * `transport` did, `not_found`. Otherwise mediasoup refused the parameters: `invalid_input`.
 */
export async function askWorker<T>(host: Target, run: () => Promise<T>, transport?: Target): Promise<T> {
  try {
    return await run()
  } catch (cause) {
    if (cause instanceof AppError) throw cause
    if (host.closed) {
      throw new AppError('unavailable', 'The media room ended; attach again.', undefined, { cause })
    }
    if (transport?.closed) throw noSuch('transport')
    const reason = cause instanceof Error ? cause.message : String(cause)
    throw new AppError('invalid_input', `The media parameters were refused: ${reason}.`, undefined, { cause })
  }
}
