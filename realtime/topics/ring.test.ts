import { expect, test } from 'vitest'
import { createRing } from './ring.ts'

function filled(capacity: number, startAt: number, count: number) {
  const ring = createRing<number>(capacity, startAt)
  for (let i = 1; i <= count; i++) ring.push(startAt + i)
  return ring
}

test('what is still kept after an offset comes oldest first, and nothing after the head or beyond it', () => {
  const ring = filled(5, 100, 3)
  expect(ring.head).toBe(103)
  expect(ring.after(100)).toEqual([101, 102, 103])
  expect(ring.after(102)).toEqual([103])
  expect(ring.after(103)).toEqual([])
  expect(ring.after(500)).toEqual([])
})

test('what was before the start or is no longer kept is told as unknown, never as a part', () => {
  expect(filled(5, 100, 3).after(99)).toBeUndefined()
  const ring = filled(5, 0, 1000)
  expect(ring.after(995)).toEqual([996, 997, 998, 999, 1000])
  expect(ring.after(900)).toBeUndefined()
})

test.each([1, 7, 10, 11, 999])(
  'after %i items it keeps at least its capacity, and less than twice that',
  (count) => {
    const ring = filled(5, 0, count)
    expect(ring.length).toBeGreaterThanOrEqual(Math.min(count, 5))
    expect(ring.length).toBeLessThan(10)
  },
)
