import { expect, test } from 'vitest'
import { allDays, averageWatchMs, keptAtHalf } from './numbers.ts'

test('days on which nobody watched are there, also across the end of a month', () => {
  const days = allDays([
    { day: '2026-02-27', views: 3 },
    { day: '2026-03-02', views: 1 },
  ])
  expect(days.map(({ day, views }) => `${day} ${views}`)).toEqual([
    ...['2026-02-27 3', '2026-02-28 0', '2026-03-01 0', '2026-03-02 1'],
  ])
  expect(allDays([])).toEqual([])
})

test('nothing is divided by no views', () => {
  expect(averageWatchMs({ views: 0, watchMs: 500 })).toBe(0)
  expect(averageWatchMs({ views: 4, watchMs: 1000 })).toBe(250)
})

test('half of a curve is its middle', () => {
  const shares = Array.from({ length: 100 }, (_, i) => (i < 50 ? 1 : 0.5))
  expect(keptAtHalf(shares)).toBe(0.5)
  expect(keptAtHalf([])).toBe(0)
})
