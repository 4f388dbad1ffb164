import { HTTPException } from 'hono/http-exception'
import { AppError, ERRORS, toWireError, type WireError } from '../core/errors.ts'
import { SECOND_MS } from '../core/time.ts'
import { translateOutage } from '../infra/outage.ts'

/** The body of a failed request: problem details (RFC 9457), and what a socket's ack would say of the same failure. */
export type Problem = WireError & { type: string; title: string; status: number; detail: string }

/** What the framework refuses by itself, and outages, in the words of our table; everything else is left as it is. */
export function toAppError(error: unknown): unknown {
  if (!(error instanceof HTTPException)) return translateOutage(error)
  if (error.status === 413) return new AppError('too_large')
  if (error.status === 415) return new AppError('invalid_input', 'Send the body as application/json.')
  if (error.status === 400) return new AppError('invalid_input', 'The body is not JSON.')
  return error
}

/** The whole answer to a failure, `Retry-After` in seconds where waiting helps. */
export function problemResponse(error: unknown, requestId: string): Response {
  const wire = toWireError(error, requestId)
  const { status, message: title } = ERRORS[wire.code]
  const problem: Problem = {
    type: `urn:social-flow:error:${wire.code}`,
    title,
    status,
    detail: wire.message,
    ...wire,
  }
  const headers = new Headers({ 'content-type': 'application/problem+json', 'cache-control': 'no-store' })
  const retryAfterMs = wire.details?.retryAfterMs
  if (typeof retryAfterMs === 'number')
    headers.set('retry-after', String(Math.ceil(retryAfterMs / SECOND_MS)))
  if (wire.code === 'range_not_satisfiable')
    headers.set('content-range', `bytes */${wire.details?.sizeBytes}`)
  if (wire.code === 'unauthenticated') headers.set('www-authenticate', 'Bearer')
  return new Response(JSON.stringify(problem), { status, headers })
}
