import { expect, test } from 'vitest'
import { formatBitrate, formatCount, formatShare } from './number.ts'

test('counts are short from a thousand on', () => {
  expect(formatCount(999)).toBe('999')
  expect(formatCount(12_400)).toBe('12.4K')
})

test('bit rates change unit at a million', () => {
  expect(formatBitrate(850_400)).toBe('850 kbit/s')
  expect(formatBitrate(2_440_000)).toBe('2.4 Mbit/s')
})

test('small shares keep a digit', () => {
  expect(formatShare(0.004)).toBe('0.4 %')
  expect(formatShare(0.5)).toBe('50 %')
})
