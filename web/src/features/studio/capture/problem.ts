/** Why there is no picture: what a person can do about it differs for each. */
export type CaptureProblem = 'insecure' | 'denied' | 'missing' | 'busy' | 'failed'

/** Names of the exceptions of getUserMedia (Media Capture and Streams, 10.2.5) sorted by what helps. */
export function problemOf(error: unknown): CaptureProblem {
  const name = error instanceof Error ? error.name : ''
  if (name === 'NotAllowedError' || name === 'SecurityError') return 'denied'
  if (name === 'NotFoundError' || name === 'OverconstrainedError') return 'missing'
  if (name === 'NotReadableError' || name === 'AbortError') return 'busy'
  return 'failed'
}
