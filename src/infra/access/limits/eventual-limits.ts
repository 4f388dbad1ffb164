import { RateLimiterRedis } from 'rate-limiter-flexible'
import type { LimitRule, Limits } from '../../../core/ports.ts'
import { MINUTE_MS, SECOND_MS } from '../../../core/time.ts'
import type { RedisLink } from '../../redis/client.ts'
import { refusal } from './limits.ts'

/** What one process knows of a key. Times are those of `nowMs`. */
type Window = {
  /** Taken here since the window began. */
  own: number
  endsAtMs: number
  /** Taken here, and not told to the others yet. */
  untold: number
  perMs: number
  /** Of what the shared window holds: what was told from here, and what others told. */
  told: number
  others: number
  othersUntilMs: number
}

/** So long the others may not know of what was taken here; a burst is over by then, and a flood has just begun. */
const TELL_MS = 500
/** Some 20 MB at worst; beyond it the oldest windows are forgotten. */
const MAX_KEYS = 100_000

/**
 * Rate limits that processes share half a second late: taking asks nobody, and what was taken is told to Redis together. For
 * calls that are made so often, and cost so little, that asking first would cost more than the call. Somebody with sockets
 * at several gateways may take the credits of each once, within that half second, and those of one from then on.
 */
export function createEventualLimits({ link, nowMs }: { link: RedisLink; nowMs: () => number }) {
  const windows = new Map<string, Window>()
  const untold = new Set<string>()
  const shared = new RateLimiterRedis({
    storeClient: link.commands,
    keyPrefix: 'flow:limit',
    points: Number.MAX_SAFE_INTEGER,
    duration: MINUTE_MS / SECOND_MS,
  })

  function open(key: string, { perMs }: LimitRule, now: number): Window {
    const found = windows.get(key)
    if (found && found.endsAtMs > now) return found
    // The same object: what is being told of it comes back to it.
    const window = found ?? { own: 0, endsAtMs: 0, untold: 0, perMs, told: 0, others: 0, othersUntilMs: 0 }
    window.own = 0
    window.endsAtMs = now + perMs
    windows.delete(key)
    windows.set(key, window)
    const [oldest] = windows.keys()
    if (windows.size > MAX_KEYS && oldest !== undefined) windows.delete(oldest)
    return window
  }

  async function tell(key: string): Promise<void> {
    const window = windows.get(key)
    if (!window) return
    const points = window.untold
    window.untold = 0
    const answer = await shared.consume(key, points, { customDuration: window.perMs / SECOND_MS })
    window.told = points + (answer.isFirstInDuration ? 0 : window.told)
    window.others = answer.consumedPoints - window.told
    window.othersUntilMs = nowMs() + answer.msBeforeNext
  }

  function tellAll(): void {
    const keys = [...untold]
    untold.clear()
    if (!link.isUp()) return
    // Those of one turn of the event loop share a round trip.
    Promise.all(keys.map(tell)).catch(() => link.suspect())
  }

  function sweep(): void {
    const now = nowMs()
    for (const [key, { endsAtMs, othersUntilMs }] of windows) {
      if (endsAtMs <= now && othersUntilMs <= now) windows.delete(key)
    }
  }
  const teller = setInterval(tellAll, TELL_MS)
  const sweeper = setInterval(sweep, MINUTE_MS)

  return {
    async take(key, rule, credits = 1) {
      const now = nowMs()
      const window = open(key, rule, now)
      const others = window.othersUntilMs > now ? window.others : 0
      if (window.own + others + credits > rule.credits) {
        const endsAtMs = Math.max(window.endsAtMs, others > 0 ? window.othersUntilMs : 0)
        throw refusal(endsAtMs - now, rule)
      }
      window.own += credits
      window.untold += credits
      untold.add(key)
    },

    stop(): void {
      clearInterval(teller)
      clearInterval(sweeper)
    },
  } satisfies Limits & { stop(): void }
}
