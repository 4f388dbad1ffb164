import { expect, test } from 'vitest'
import { backoffMs } from './backoff.ts'

test('waits double from a quarter of a second and never pass five seconds', () => {
  const longest = [0, 1, 2, 3, 4, 5, 50].map((attempt) => backoffMs(attempt, () => 1))
  expect(longest).toEqual([250, 500, 1000, 2000, 4000, 5000, 5000])
})

test('half of each wait is random', () => {
  expect(backoffMs(2, () => 0)).toBe(500)
  expect(backoffMs(2, () => 0.5)).toBe(750)
})
