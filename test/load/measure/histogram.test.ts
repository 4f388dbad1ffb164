import { expect, test } from 'vitest'
import { mergeHistograms, percentile } from './histogram.ts'

test('a percentile is the bucket in which that share of all values is reached', () => {
  const histogram = [
    [10, 90],
    [20, 9],
    [30, 1],
  ] as const
  expect(percentile(histogram, 0.5)).toBe(10)
  expect(percentile(histogram, 0.9)).toBe(10)
  expect(percentile(histogram, 0.91)).toBe(20)
  expect(percentile(histogram, 0.99)).toBe(20)
  expect(percentile(histogram, 1)).toBe(30)
})

test('nothing seen has no percentile', () => {
  expect(percentile([], 0.99)).toBeNaN()
})

test('what two processes have seen is added up in order', () => {
  const merged = mergeHistograms([
    [
      [10, 1],
      [30, 5],
    ],
    [
      [20, 2],
      [10, 3],
    ],
  ])
  expect(merged).toEqual([
    [10, 4],
    [20, 2],
    [30, 5],
  ])
})
