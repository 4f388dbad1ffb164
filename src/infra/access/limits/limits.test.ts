import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createLimits } from './limits.ts'

const rule = { credits: 3, perMs: 10_000 }

describe('limits', () => {
  beforeEach(() => void vi.useFakeTimers())
  afterEach(() => void vi.useRealTimers())

  it('let through what the rule allows and then say how long to wait', async () => {
    const limits = createLimits()
    for (let i = 0; i < 3; i++) await limits.take('a', rule)
    vi.advanceTimersByTime(4_000)
    await expect(limits.take('a', rule)).rejects.toMatchObject({
      code: 'too_many_requests',
      details: { retryAfterMs: 6_000 },
    })
    vi.advanceTimersByTime(6_000)
    await limits.take('a', rule)
  })

  it('ask nobody to wait for longer than the rule says, also where the clock was set back', async () => {
    vi.useRealTimers()
    vi.useFakeTimers({ toFake: ['Date'] })
    const limits = createLimits()
    await limits.take('a', rule, 3)
    vi.setSystemTime(Date.now() - 3_600_000)
    await expect(limits.take('a', rule)).rejects.toMatchObject({ details: { retryAfterMs: rule.perMs } })
  })

  it('count each key for itself and several credits at once', async () => {
    const limits = createLimits()
    await limits.take('a', rule, 3)
    await expect(limits.take('a', rule)).rejects.toMatchObject({ code: 'too_many_requests' })
    await limits.take('b', rule)
    await expect(limits.take('b', rule, 3)).rejects.toMatchObject({ code: 'too_many_requests' })
  })

  it('do not prolong the wait of whoever keeps trying', async () => {
    const limits = createLimits()
    await limits.take('a', rule, 3)
    for (let i = 0; i < 9; i++) {
      vi.advanceTimersByTime(1_000)
      await expect(limits.take('a', rule)).rejects.toMatchObject({ code: 'too_many_requests' })
    }
    vi.advanceTimersByTime(1_000)
    await limits.take('a', rule)
  })

  it('forget the oldest window when there are too many keys', async () => {
    const limits = createLimits({ maxKeys: 2 })
    await limits.take('a', rule, 3)
    await limits.take('b', rule, 3)
    await limits.take('c', rule, 3)
    await expect(limits.take('c', rule)).rejects.toMatchObject({ code: 'too_many_requests' })
    await expect(limits.take('b', rule)).rejects.toMatchObject({ code: 'too_many_requests' })
    await limits.take('a', rule)
  })
})
