import { expect, test } from 'vitest'
import { createSlowConsumers } from './slow-consumers.ts'

function setUp() {
  const clock = { nowMs: 0 }
  const slow = createSlowConsumers({ nowMs: () => clock.nowMs })
  const close = (id: string) => {
    const transport = {}
    slow.mark(transport)
    return slow.gone(id, transport)
  }
  return { clock, slow, close }
}

test('who was closed for being slow is told once, nobody else ever', () => {
  const { slow, close } = setUp()
  expect(close('a')).toBe(true)
  expect(slow.gone('b', {})).toBe(false)
  expect([slow.take('b'), slow.take(undefined), slow.take({ a: 1 })]).toEqual([false, false, false])
  expect([slow.take('a'), slow.take('a')]).toEqual([true, false])
})

test('what is long ago is not told any more', () => {
  const { clock, slow, close } = setUp()
  close('a')
  clock.nowMs = 10 * 60_000
  expect(slow.take('a')).toBe(false)
})

test('however many there are, only the latest are kept', () => {
  const { slow, close } = setUp()
  for (let i = 0; i <= 10_000; i++) close(`socket-${i}`)
  expect([slow.take('socket-0'), slow.take('socket-1'), slow.take('socket-10000')]).toEqual([
    false,
    true,
    true,
  ])
})
