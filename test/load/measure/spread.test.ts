import { expect, test } from 'vitest'
import { alternate, spreadOf, spreadText } from './spread.ts'

test('the median is the middle value, or the mean of the two in the middle', () => {
  expect(spreadOf([9, 1, 5])).toEqual({ median: 5, lowest: 1, highest: 9 })
  expect(spreadOf([4, 1, 2, 9])).toEqual({ median: 3, lowest: 1, highest: 9 })
  expect(spreadText(spreadOf([1, 1.5, 2.25]))).toBe('1.5 (1–2.25)')
})

test('subjects take turns, and the order turns round', async () => {
  const order: string[] = []
  const results = await alternate(['a', 'b', 'c'], 3, async (subject) => order.push(subject))
  expect(order.join('')).toBe('abccbaabc')
  expect(results.get('b')).toEqual([2, 5, 8])
})
