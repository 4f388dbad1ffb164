/**
 * Every failure a caller can see: the HTTP status it maps to, whether trying again can help, and the sentence shown
 * where the thrower gave none. The same object is an ack's `error`, the handshake's `err.data` and the body of an HTTP
 * error (problem details, RFC 9457).
 */
export const ERRORS = {
  invalid_input: { status: 400, retry: false, message: 'The request does not have the expected form.' },
  unknown_call: { status: 404, retry: false, message: 'There is no such call.' },
  unauthenticated: { status: 401, retry: false, message: 'Sign in to do this.' },
  token_expired: {
    status: 401,
    retry: true,
    message: 'The token is missing, invalid or has expired; fetch a new one.',
  },
  second_factor_required: {
    status: 401,
    retry: false,
    message: 'The password is right; now prove it with your second factor.',
  },
  confirm_required: { status: 403, retry: false, message: 'Confirm that it is you, then do this again.' },
  forbidden: { status: 403, retry: false, message: 'You are not allowed to do this.' },
  foreign_origin: { status: 403, retry: false, message: 'Requests from this origin are not accepted.' },
  not_found: { status: 404, retry: false, message: 'There is no such thing, or you may not see it.' },
  conflict: { status: 409, retry: false, message: 'This collides with what is already there.' },
  stream_not_live: { status: 409, retry: false, message: 'The stream is not live.' },
  expired: { status: 410, retry: false, message: 'This link has expired or was used already.' },
  too_slow: {
    status: 408,
    retry: true,
    message: 'The connection could not take what was sent and was closed; connect again to go on from there.',
  },
  too_large: { status: 413, retry: false, message: 'The request is too large.' },
  range_not_satisfiable: { status: 416, retry: false, message: 'The file has no such part.' },
  too_many_requests: { status: 429, retry: true, message: 'Too many requests; wait a moment.' },
  internal: { status: 500, retry: true, message: 'Something went wrong on our side.' },
  unavailable: {
    status: 503,
    retry: true,
    message: 'This part of the service is not available at the moment.',
  },
} as const satisfies Record<string, { status: number; retry: boolean; message: string }>

export type ErrorCode = keyof typeof ERRORS

export type ErrorDetails = Readonly<Record<string, unknown>>

/** An expected failure. Services throw it, the two transports translate it, nobody else catches it. */
export class AppError extends Error {
  override name = 'AppError'
  readonly code: ErrorCode
  readonly details: ErrorDetails | undefined
  #aboutId: string | undefined

  constructor(
    code: ErrorCode,
    message: string = ERRORS[code].message,
    details?: ErrorDetails,
    options?: ErrorOptions,
  ) {
    super(message, options)
    this.code = code
    this.details = details
  }

  /** Whose account was tried: for the security log alone, callers are never told. */
  get aboutId(): string | undefined {
    return this.#aboutId
  }

  about(accountId: string | undefined): this {
    this.#aboutId = accountId
    return this
  }
}

/** What a caller receives of a failure. `details` is data (`{ retryAfterMs }`, `{ issues }`), never prose. */
export type WireError = {
  code: ErrorCode
  message: string
  retry: boolean
  details?: ErrorDetails
  requestId: string
}

/** An unknown error becomes `internal` and loses its message, so that nothing internal reaches the wire. */
export function toWireError(error: unknown, requestId: string): WireError {
  if (!(error instanceof AppError)) {
    return { code: 'internal', message: ERRORS.internal.message, retry: true, requestId }
  }
  const { code, message, details } = error
  return { code, message, retry: ERRORS[code].retry, ...(details && { details }), requestId }
}

/** One answer per call: the data, or one error of the table. */
export type Ack<T> = { ok: true; data: T } | { ok: false; error: WireError }
