import { expect, test } from 'vitest'
import { createRevocations } from './revocations.ts'

const TOKEN_LIFE_MS = 60_000

function setUp() {
  const clock = { nowMs: 0, setByMs: 0 }
  const revocations = createRevocations({
    nowMs: () => clock.nowMs + clock.setByMs,
    steadyMs: () => clock.nowMs,
    tokenLifeMs: TOKEN_LIFE_MS,
  })
  return { revocations, clock }
}

test('an ended login session is refused for as long as any of its tokens lives', () => {
  const { revocations, clock } = setUp()
  revocations.add('ended')
  for (clock.nowMs of [0, TOKEN_LIFE_MS - 1, TOKEN_LIFE_MS]) expect(revocations.has('ended')).toBe(true)
  expect(revocations.has('other')).toBe(false)
  expect(revocations.has(undefined)).toBe(false)
})

test('a token that was being signed while the session ended is refused, too', () => {
  const { revocations, clock } = setUp()
  revocations.add('ended')
  clock.nowMs = TOKEN_LIFE_MS + 1000
  expect(revocations.has('ended')).toBe(true)
})

test('an entry does not outlive its use', () => {
  const { revocations, clock } = setUp()
  revocations.add('first')
  clock.nowMs = TOKEN_LIFE_MS
  revocations.add('second')
  clock.nowMs = 2 * TOKEN_LIFE_MS
  expect(revocations.has('first')).toBe(false)
  expect(revocations.has('second')).toBe(true)
})

test('a clock that is set forward, and back again, makes no ended session good', () => {
  const { revocations, clock } = setUp()
  revocations.add('ended')
  clock.setByMs = 60 * TOKEN_LIFE_MS
  revocations.add('meanwhile')
  expect(revocations.has('ended')).toBe(true)
  clock.setByMs = 0
  clock.nowMs = TOKEN_LIFE_MS
  revocations.add('after')
  for (const id of ['ended', 'meanwhile', 'after']) expect(revocations.has(id)).toBe(true)
  clock.setByMs = -60 * TOKEN_LIFE_MS
  clock.nowMs = 2 * TOKEN_LIFE_MS
  expect(revocations.has('ended')).toBe(true)
})
