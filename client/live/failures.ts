import { CallError } from '../types.ts'

/** The SFU no longer knows what was asked about: build it anew. */
export class GoneError extends Error {
  override name = 'GoneError'
}

/** A path to the SFU did not come up in time. */
export class NoPathError extends Error {
  override name = 'NoPathError'
}

/** What the SFU offered changed before it could be taken: ask again. */
export class StaleError extends Error {
  override name = 'StaleError'
}

/** There is nothing to send. */
export class NoTrackError extends Error {
  override name = 'NoTrackError'
}

/** Turns `not_found` into `GoneError`, for calls about things that were there. */
export async function orGone<T>(answer: Promise<T>): Promise<T> {
  try {
    return await answer
  } catch (error) {
    if (error instanceof CallError && error.code === 'not_found') throw new GoneError(error.message)
    throw error
  }
}

/** True where the same request can never succeed: not allowed, no such stream, a browser without what is needed. */
export function isFinal(error: unknown): boolean {
  if (error instanceof CallError) return !error.retry
  if (error instanceof NoTrackError) return true
  return error instanceof Error && error.name === 'UnsupportedError'
}
