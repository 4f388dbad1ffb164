/** Where the program asks for the time, so that tests can move it. */
export type Clock = {
  /** Milliseconds since the epoch. */
  nowMs(): number
}

export const systemClock: Clock = { nowMs: () => Date.now() }

/**
 * Milliseconds since some moment of this process: for how long something lasted or was idle. Setting the machine's clock
 * does not move it.
 */
export const steadyMs = (): number => performance.now()

export const SECOND_MS = 1000
export const MINUTE_MS = 60 * SECOND_MS
export const HOUR_MS = 60 * MINUTE_MS
export const DAY_MS = 24 * HOUR_MS

export const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))
