import { expect, test } from 'vitest'
import { problemOf } from './problem.ts'

test.each([
  ['NotAllowedError', 'denied'],
  ['NotFoundError', 'missing'],
  ['OverconstrainedError', 'missing'],
  ['NotReadableError', 'busy'],
  ['TypeError', 'failed'],
] as const)('%s is told as "%s"', (name, problem) => {
  expect(problemOf(new DOMException('…', name))).toBe(problem)
})

test('whatever is no exception is told as failed', () => {
  expect(problemOf(undefined)).toBe('failed')
})
