import { expect, test } from 'vitest'
import { messages } from './messages.ts'

const text = messages({
  plain: 'Home',
  greeting: 'Hello {name}, you are on {place}.',
  lines: { one: '{count} new message', other: '{count} new messages' },
})

test('a plain sentence comes as it is', () => {
  expect(text('plain')).toBe('Home')
})

test('every parameter is filled in where it stands', () => {
  expect(text('greeting', { name: 'Ada', place: 'Social Flow' })).toBe('Hello Ada, you are on Social Flow.')
})

test('the form follows the number, and large numbers are grouped', () => {
  expect(text('lines', { count: 1 })).toBe('1 new message')
  expect(text('lines', { count: 0 })).toBe('0 new messages')
  expect(text('lines', { count: 12_345 })).toBe('12,345 new messages')
})
