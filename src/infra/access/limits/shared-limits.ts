import { RateLimiterRedis } from 'rate-limiter-flexible'
import type { Limits } from '../../../core/ports.ts'
import { MINUTE_MS, SECOND_MS } from '../../../core/time.ts'
import type { RedisLink } from '../../redis/client.ts'
import { createLimits, refusal } from './limits.ts'

/**
 * Rate limits that all processes share, with the same windows as those in memory. While Redis is away each process
 * counts for itself: limits go on, a little wider.
 */
export function createSharedLimits({ link }: { link: RedisLink }): Limits {
  const insurance = createLimits()
  const windows = new RateLimiterRedis({
    storeClient: link.commands,
    keyPrefix: 'flow:limit',
    points: Number.MAX_SAFE_INTEGER,
    duration: MINUTE_MS / SECOND_MS,
  })

  async function consume(key: string, credits: number, seconds: number) {
    if (!link.isUp()) return undefined
    try {
      return await windows.consume(key, credits, { customDuration: seconds })
    } catch {
      link.suspect()
      return undefined
    }
  }

  return {
    async take(key, rule, credits = 1) {
      const taken = await consume(key, credits, rule.perMs / SECOND_MS)
      if (!taken) return insurance.take(key, rule, credits)
      if (taken.consumedPoints <= rule.credits) return
      throw refusal(taken.msBeforeNext, rule)
    },
  }
}
