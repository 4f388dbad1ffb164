import { expect, test } from 'vitest'
import { sample } from './sample.ts'

const range = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, i) => from + i)
const never = () => false

test('what fits stays as it is', () => {
  expect(sample(range(1, 5), 5, never)).toEqual([{ skipped: 0, items: range(1, 5) }])
})

test('of too many the newest stay together, and the newest one always does', () => {
  expect(sample(range(1, 10), 3, never)).toEqual([{ skipped: 7, items: [8, 9, 10] }])
  expect(sample(range(1, 10), 0, never)).toEqual([{ skipped: 9, items: [10] }])
})

test('important ones stay wherever they are, at the cost of others', () => {
  const isImportant = (item: unknown) => item === 3 || item === 4
  expect(sample(range(1, 10), 4, isImportant)).toEqual([
    { skipped: 2, items: [3, 4] },
    { skipped: 4, items: [9, 10] },
  ])
})

test('nothing important is left out, however many there are', () => {
  expect(sample(range(1, 10), 2, () => true)).toEqual([{ skipped: 0, items: range(1, 10) }])
})

test('what is sent and what is skipped are together everything, in order', () => {
  const runs = sample(range(1, 100), 20, (item) => (item as number) % 9 === 0)
  let offset = 0
  for (const { skipped, items } of runs) {
    offset += skipped
    for (const item of items) expect(item).toBe(++offset)
  }
  expect(offset).toBe(100)
})
