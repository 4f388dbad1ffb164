import { RateLimiterMemory } from 'rate-limiter-flexible'
import { AppError } from '../../../core/errors.ts'
import type { LimitRule, Limits } from '../../../core/ports.ts'
import { MINUTE_MS, SECOND_MS } from '../../../core/time.ts'

/** Some 20 MB at worst; beyond it the oldest windows are forgotten, so that a flood of keys can't fill the memory. */
const MAX_KEYS = 100_000

/**
 * Rate limits in the memory of this process: fixed windows that begin with a key's first credit. A key belongs to one
 * rule; name the rule in the key. What is refused counts too, which changes nothing: the window ends when it ends.
 */
export function createLimits(options: { maxKeys?: number } = {}): Limits {
  const maxKeys = options.maxKeys ?? MAX_KEYS
  // One store for all rules: each `take` brings its own window and compares the count with its own credits.
  const windows = new RateLimiterMemory({ points: Number.MAX_SAFE_INTEGER, duration: MINUTE_MS / SECOND_MS })
  const oldestFirst = new Set<string>()

  function remember(key: string) {
    oldestFirst.delete(key)
    oldestFirst.add(key)
    if (oldestFirst.size <= maxKeys) return
    for (const oldest of oldestFirst) {
      oldestFirst.delete(oldest)
      void windows.delete(oldest)
      return
    }
  }

  return {
    async take(key, rule, credits = 1) {
      const taken = await windows.consume(key, credits, { customDuration: rule.perMs / SECOND_MS })
      if (taken.isFirstInDuration) remember(key)
      if (taken.consumedPoints <= rule.credits) return
      throw refusal(taken.msBeforeNext, rule)
    },
  }
}

/** A window is never longer than its rule says, wherever a clock was set meanwhile. */
export const refusal = (waitMs: number, { perMs }: LimitRule) =>
  new AppError('too_many_requests', undefined, { retryAfterMs: Math.min(Math.max(1, waitMs), perMs) })
