import { expect, test } from 'vitest'
import { createFlowMeter, SILENCE_MS } from './flow.ts'

test('packets flow as soon as bytes arrive and until none came for the silence limit', () => {
  const meter = createFlowMeter()
  expect(meter.update(0, 1000)).toBe(false)
  expect(meter.update(500, 2000)).toBe(true)
  expect(meter.update(500, 2000 + SILENCE_MS - 1)).toBe(true)
  expect(meter.update(500, 2000 + SILENCE_MS)).toBe(false)
  expect(meter.update(501, 2000 + SILENCE_MS + 1)).toBe(true)
})

test('a count that starts anew is not a sign of life, its growth is', () => {
  const meter = createFlowMeter()
  meter.update(9000, 0)
  expect(meter.update(0, SILENCE_MS)).toBe(false)
  expect(meter.update(100, SILENCE_MS + 1)).toBe(true)
})
