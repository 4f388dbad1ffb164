import { AppError } from '../../core/errors.ts'

/**
 * How a database that can't be reached shows: errors of the socket, of postgres.js, and of a server that is starting or
 * going (PostgreSQL manual, appendix A: classes 08 and 57P).
 */
const AWAY =
  /^(?:ECONN\w+|EPIPE|ETIMEDOUT|ENOTFOUND|EHOSTUNREACH|CONNECT_TIMEOUT|CONNECTION_\w+|08\w{3}|57P0[1-3])$/

/** An error that came of an outage as `unavailable`, which clients try again; every other error as it is. */
export function translateOutage(error: unknown): unknown {
  if (error instanceof AppError) return error
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    const { code } = cause as Error & { code?: unknown }
    if (typeof code === 'string' && AWAY.test(code))
      return new AppError('unavailable', undefined, undefined, { cause: error })
  }
  return error
}
