import { expect, test } from 'vitest'
import { answered, refused, wished } from './counted.ts'

test('a wish counts at once, and only where it changes something', () => {
  expect(wished({ isOn: false, count: 7 }, true)).toEqual({ isOn: true, count: 8 })
  expect(wished({ isOn: true, count: 7 }, true)).toEqual({ isOn: true, count: 7 })
  expect(wished({ isOn: true, count: 0 }, false)).toEqual({ isOn: false, count: 0 })
})

test('the answer corrects the number, unless a push came meanwhile', () => {
  const shown = { isOn: true, count: 8 }
  const answer = { isOn: true, count: 9 }
  expect(answered(shown, shown, answer)).toEqual(answer)
  expect(answered({ isOn: true, count: 12 }, shown, answer)).toEqual({ isOn: true, count: 12 })
})

test('a refusal takes the wish back, and its part of the number only while that is still counted', () => {
  const shown = { isOn: true, count: 8 }
  expect(refused(shown, shown, false)).toEqual({ isOn: false, count: 7 })
  expect(refused({ isOn: true, count: 12 }, shown, false)).toEqual({ isOn: false, count: 12 })
})
