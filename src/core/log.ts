type Fields = Readonly<Record<string, unknown>>

/** Structured log: fields first, then one sentence. pino satisfies it. */
export type Logger = {
  debug(fields: Fields, message: string): void
  info(fields: Fields, message: string): void
  warn(fields: Fields, message: string): void
  error(fields: Fields, message: string): void
  child(fields: Fields): Logger
}

/** What happened to the doors, by names that never change, so that rules of alarm can be written for them. */
export type SecurityEvent =
  | 'sign_in'
  | 'sign_in_refused'
  | 'second_factor_refused'
  | 'confirmation_refused'
  | 'permission_refused'
  | 'limit_hit'

/** Of whom and where, never with what: no address whole, no contact, password, code or token. */
export type SecurityFacts = {
  /** Who acted, or whose account was tried; absent where there is none. */
  accountId?: string | undefined
  /** The network around the address: `203.0.113.0/24`. */
  network?: string | undefined
  /** The public id of the login session or API token. */
  sessionId?: string | undefined
  /** The pattern of the route, or the name of the call. */
  at?: string | undefined
  code?: string | undefined
  reason?: string | undefined
  requestId?: string | undefined
}

/** One structured line for each, as far as a flood of them leaves room. */
export type SecurityLog = { note(event: SecurityEvent, facts: SecurityFacts): void }
