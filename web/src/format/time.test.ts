import { expect, test } from 'vitest'
import { formatCountdown, formatDuration, formatLength, formatRelative, toLocalInput } from './time.ts'

const HOUR_MS = 3_600_000

test('a duration shows hours only where there are some', () => {
  expect(formatDuration(0)).toBe('0:00')
  expect(formatLength(67_900)).toBe('1:08')
  expect(formatDuration(67_900)).toBe('1:07')
  expect(formatDuration(HOUR_MS + 2 * 60_000 + 9_000)).toBe('1:02:09')
})

test('a clock that is behind the server never shows a negative duration', () => {
  expect(formatDuration(-5_000)).toBe('0:00')
})

test('relative times use the largest unit that is not zero', () => {
  const nowMs = 1_000_000_000_000
  expect(formatRelative(nowMs, nowMs)).toBe('now')
  expect(formatRelative(nowMs - 61_000, nowMs)).toBe('1 minute ago')
  expect(formatRelative(nowMs + 2.9 * HOUR_MS, nowMs)).toBe('in 2 hours')
  expect(formatRelative(nowMs - 24 * HOUR_MS, nowMs)).toBe('yesterday')
})

test('a countdown names the days apart', () => {
  expect(formatCountdown(25 * HOUR_MS + 3_000)).toBe('1d 1:00:03')
  expect(formatCountdown(-1)).toBe('0:00')
})

test('the value for a date field reads back as the same minute', () => {
  const atMs = Date.UTC(2026, 10, 22, 14, 15)
  expect(new Date(toLocalInput(atMs)).getTime()).toBe(atMs)
})
