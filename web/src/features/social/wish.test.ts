import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { forgetWish, keepWish, takeWish } from './wish.ts'

const MINUTE_MS = 60_000

beforeEach(() => {
  const kept = new Map<string, string>()
  vi.stubGlobal('localStorage', {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => void kept.set(key, value),
    removeItem: (key: string) => void kept.delete(key),
  })
})
afterEach(() => void vi.unstubAllGlobals())

test('a wish comes true once, and only for what it was about', () => {
  keepWish('follow:ada', 0)
  expect(takeWish('follow:bob', MINUTE_MS)).toBe(false)
  expect(takeWish('like:ada', MINUTE_MS)).toBe(false)
  expect(takeWish('follow:ada', MINUTE_MS)).toBe(true)
  expect(takeWish('follow:ada', MINUTE_MS)).toBe(false)
})

test('an old wish is forgotten', () => {
  keepWish('follow:ada', 0)
  expect(takeWish('follow:ada', 31 * MINUTE_MS)).toBe(false)
  expect(takeWish('follow:ada', MINUTE_MS)).toBe(false)
})

test('a wish can be given up', () => {
  keepWish('like:show', 0)
  forgetWish()
  expect(takeWish('like:show', 0)).toBe(false)
})
