import { expect, test } from 'vitest'
import { CALM_WAIT_MS, itemsPerSOf, LEVEL_MAX, waitMsOf } from './allowance.ts'

const levels = Array.from({ length: LEVEL_MAX + 1 }, (_, level) => level)

test('a quiet room and a small one wait for nothing, at any rate of the other', () => {
  for (const members of [1, 100, 100_000]) expect(waitMsOf(0, members, 2)).toBe(0)
  for (const itemsPerS of [1, 20, 200]) expect(waitMsOf(0, 5, itemsPerS)).toBe(0)
})

test('a busy room collects some ten lines a frame at 200 a second, and a large one nearly two at 20, without being late', () => {
  for (const [members, itemsPerS, items] of [
    [200, 200, 9.5],
    [1000, 20, 1.55],
    [100_000, 200, 6.5],
  ] as const) {
    const waitMs = waitMsOf(0, members, itemsPerS)
    expect(waitMs).toBeLessThanOrEqual(CALM_WAIT_MS)
    expect(1 + (waitMs * itemsPerS) / 1000).toBeGreaterThanOrEqual(items)
  }
})

test('the more members a frame has to leave for, the less of the time is spent waiting', () => {
  const waits = [100, 500, 1000, 1500].map((members) => waitMsOf(0, members, 200))
  expect(waits).toEqual([...new Set(waits)].sort((a, b) => b - a))
})

test('between them a room waits as long as keeps it to 2 000 deliveries of frames a second', () => {
  const [members, itemsPerS] = [60, 200]
  const waitMs = waitMsOf(0, members, itemsPerS)
  expect(waitMs).toBeGreaterThan(0)
  expect(waitMs).toBeLessThan(CALM_WAIT_MS)
  expect((members * 1000) / (waitMs + 1000 / itemsPerS)).toBeCloseTo(2000)
})

test('each level lets rooms wait longer, and the upper ones let large rooms send less, but never nothing', () => {
  const waits = levels.map((level) => waitMsOf(level, 5000, 200))
  expect(waits).toEqual([...new Set(waits)].sort((a, b) => a - b))
  const rates = levels.map((level) => itemsPerSOf(level, 5000))
  expect(rates).toEqual([Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY, 60, 20])
  expect(itemsPerSOf(LEVEL_MAX, 10_000_000)).toBe(5)
})
