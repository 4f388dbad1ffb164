/** What is known of whoever signs in, besides the proof: from the request's headers and its connection. */
export type Arrival = {
  /** Absent where nobody signs in over the network (a command, a test). */
  address?: string | undefined
  userAgent?: string | undefined
  /** The secret in the browser's device cookie: it may have signed in to this account before. */
  deviceSecret?: string | undefined
  /** The key in the browser's flow cookie, which a step that takes a second request is bound to. Absent for programs. */
  browser?: string | undefined
  /** False: the session shall end with the browser. */
  isLasting?: boolean
}

/** Answered in place of a session: the ticket and the proof together are redeemed by the second factor's own routes. */
export type SecondStep = {
  ticket: string
  methods: readonly string[]
  /** Milliseconds since the epoch. */
  expiresAt: number
}

/**
 * What stands between the first proof and a session. It is asked after the password (or link, reset, foreign account)
 * was right, in the only place where sessions begin (`security/signed-in.ts`). Whoever redeems the ticket ends with
 * `accounts.begin`, which does not ask again.
 */
export type SecondFactor = {
  /** Whether a password alone opens nothing of this account: it confirms no login session then, either. */
  isOn(accountId: string): Promise<boolean>
  /**
   * The step that this account must take; undefined where it has no second factor. The ticket keeps `passwordVersion`
   * (undefined where the first proof was no password) for `accounts.begin`, so that it is void once the password changed.
   */
  required(
    accountId: string,
    arrival: Arrival,
    passwordVersion: number | undefined,
  ): Promise<SecondStep | undefined>
}
