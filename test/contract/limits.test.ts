import { describe, expect, test } from 'vitest'
import { newId } from '../../src/core/ids.ts'
import type { Limits } from '../../src/core/ports.ts'
import { steadyMs } from '../../src/core/time.ts'
import { createEventualLimits } from '../../src/infra/access/limits/eventual-limits.ts'
import { createLimits } from '../../src/infra/access/limits/limits.ts'
import { createSharedLimits } from '../../src/infra/access/limits/shared-limits.ts'
import { startRedis } from '../support/redis.ts'
import { openLink, REDIS_KINDS } from '../support/redis-kinds.ts'
import { until } from '../support/until.ts'

const rule = { credits: 3, perMs: 60_000 }

/** Two processes' limits: the same ones where nothing is shared between processes. */
type Pair = AsyncDisposable & { one: Limits; other: Limits }

const kinds: { kind: string; start: () => Promise<Pair> }[] = [
  {
    kind: 'one process',
    async start() {
      const limits = createLimits()
      return { one: limits, other: limits, [Symbol.asyncDispose]: async () => {} }
    },
  },
  ...REDIS_KINDS.map(({ kind, start }) => ({
    kind,
    async start() {
      const redis = await start()
      const links = [await openLink(redis), await openLink(redis)] as const
      return {
        one: createSharedLimits({ link: links[0] }),
        other: createSharedLimits({ link: links[1] }),
        async [Symbol.asyncDispose]() {
          for (const each of [...links, redis]) await each[Symbol.asyncDispose]()
        },
      }
    },
  })),
]

describe.each(kinds)('limits over $kind', ({ start }) => {
  test('let through what the rule allows, over all processes, and then say how long to wait', async () => {
    await using limits = await start()
    const key = `a:${newId()}`
    await limits.one.take(key, rule)
    await limits.other.take(key, rule)
    await limits.one.take(key, rule)
    const refused = await limits.other.take(key, rule).catch((error: unknown) => error)
    expect(refused).toMatchObject({ code: 'too_many_requests' })
    const { retryAfterMs } = (refused as { details: { retryAfterMs: number } }).details
    expect(retryAfterMs).toBeGreaterThan(0)
    expect(retryAfterMs).toBeLessThanOrEqual(rule.perMs)
  })

  test('count each key for itself and several credits at once', async () => {
    await using limits = await start()
    const [a, b] = [`a:${newId()}`, `b:${newId()}`]
    await limits.one.take(a, rule, 3)
    await expect(limits.one.take(a, rule)).rejects.toMatchObject({ code: 'too_many_requests' })
    await limits.one.take(b, rule, 2)
    await expect(limits.other.take(b, rule, 2)).rejects.toMatchObject({ code: 'too_many_requests' })
  })

  test('of many at once exactly as many pass as the rule allows', async () => {
    await using limits = await start()
    const key = newId()
    const takes = await Promise.allSettled(
      Array.from({ length: 40 }, (_, i) =>
        (i % 2 ? limits.one : limits.other).take(key, { credits: 7, perMs: 60_000 }),
      ),
    )
    expect(takes.filter(({ status }) => status === 'fulfilled')).toHaveLength(7)
  })
})

test('while Redis is away every process counts for itself', async () => {
  await using redis = await startRedis()
  await using link = await openLink(redis)
  const limits = createSharedLimits({ link })
  await limits.take('a', rule)
  await redis.kill()
  for (let i = 0; i < 3; i++) await limits.take('a', rule)
  await expect(limits.take('a', rule)).rejects.toMatchObject({ code: 'too_many_requests' })
})

describe.each(REDIS_KINDS)('eventual limits over $kind', ({ start }) => {
  async function startPair() {
    const redis = await start()
    const links = [await openLink(redis), await openLink(redis)] as const
    const limits = links.map((link) => createEventualLimits({ link, nowMs: steadyMs }))
    const take = (which: 0 | 1, key: string, asked = rule) =>
      limits[which]?.take(key, asked).then(
        () => 'passed',
        (error: unknown) => error,
      )
    return {
      take,
      async [Symbol.asyncDispose]() {
        for (const each of limits) each.stop()
        for (const each of [...links, redis]) await each[Symbol.asyncDispose]()
      },
    }
  }

  test('one process never lets more through than the rule allows, of many at once either', async () => {
    await using pair = await startPair()
    const key = newId()
    const takes = await Promise.all(Array.from({ length: 20 }, () => pair.take(0, key)))
    expect(takes.filter((outcome) => outcome === 'passed')).toHaveLength(rule.credits)
    const refused = takes.at(-1) as { code: string; details: { retryAfterMs: number } }
    expect(refused.code).toBe('too_many_requests')
    expect(refused.details.retryAfterMs).toBeGreaterThan(0)
    expect(refused.details.retryAfterMs).toBeLessThanOrEqual(rule.perMs)
  })

  test('what was taken at one is soon gone at the other, and other keys are not', async () => {
    await using pair = await startPair()
    const key = newId()
    const wide = { credits: 1000, perMs: 60_000 }
    for (let i = 0; i < 999; i++) await pair.take(0, key, wide)
    let passed = 0
    await until('the other to know', async () => {
      const outcome = await pair.take(1, key, wide)
      if (outcome === 'passed') passed++
      return outcome !== 'passed'
    })
    // Asked some times a second while it could not know; a thousand would have been let through by itself.
    expect(passed).toBeLessThan(500)
    expect(await pair.take(1, newId(), wide)).toBe('passed')
  })
})

test('eventual limits go on while Redis is away', async () => {
  await using redis = await startRedis()
  await using link = await openLink(redis)
  const limits = createEventualLimits({ link, nowMs: steadyMs })
  await redis.kill()
  for (let i = 0; i < 3; i++) await limits.take('a', rule)
  await expect(limits.take('a', rule)).rejects.toMatchObject({ code: 'too_many_requests' })
  limits.stop()
})
