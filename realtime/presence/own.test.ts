import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { createPresence } from './own.ts'

const SETTLE_MS = 1000

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

function setUp() {
  const told: [string, number][] = []
  const presence = createPresence({
    settleMs: SETTLE_MS,
    onCount: (subject, count) => void told.push([subject, count]),
  })
  return { presence, told, settle: () => vi.advanceTimersByTime(SETTLE_MS) }
}

test('somebody with three tabs counts once, and leaves with the last of them', () => {
  const { presence } = setUp()
  for (const tab of ['1', '2', '3']) presence.enter('stream:a', 'alice', tab)
  presence.enter('stream:a', 'bob', '4')
  presence.enter('stream:b', 'alice', '1')
  expect(presence.count('stream:a')).toBe(2)
  presence.leave('stream:a', '1')
  presence.leave('stream:a', '2')
  expect(presence.count('stream:a')).toBe(2)
  presence.leave('stream:a', '3')
  presence.leave('stream:a', '3')
  expect(presence.count('stream:a')).toBe(1)
  expect(presence.count('stream:b')).toBe(1)
  presence.stop()
})

test('who was never in leaves without being told', () => {
  const { presence, told, settle } = setUp()
  presence.leave('stream:a', '1')
  settle()
  expect(told).toEqual([])
})

test('a crowd that comes and goes within the settling time is told once, with the newest count', () => {
  const { presence, told, settle } = setUp()
  for (let i = 0; i < 100; i++) presence.enter('stream:a', `viewer ${i}`, String(i))
  for (let i = 0; i < 40; i++) presence.leave('stream:a', String(i))
  settle()
  expect(told).toEqual([['stream:a', 60]])
  for (let i = 40; i < 100; i++) presence.leave('stream:a', String(i))
  settle()
  expect(told.at(-1)).toEqual(['stream:a', 0])
  presence.enter('stream:a', 'late', '1')
  presence.stop()
  settle()
  expect(told).toHaveLength(2)
})
