import { expect, test } from 'vitest'
import { failureOf, isPassing } from './upload-failure.ts'

const answer = (status: number, body: unknown = {}) => ({
  getStatus: () => status,
  getBody: () => (typeof body === 'string' ? body : JSON.stringify(body)),
})

test.each([
  ['no answer', undefined, true],
  ['a server that restarts', answer(503), true],
  ['too many requests', answer(429), true],
  ['an offset that is another one', answer(409, { code: 'conflict', details: { status: 409 } }), true],
  ['a request that is just ending', answer(423, { code: 'conflict', details: { reason: 'locked' } }), true],
  ['too many uploads', answer(409, { code: 'conflict', details: { reason: 'uploads' } }), false],
  ['no room', answer(413, { code: 'too_large', details: { reason: 'quota' } }), false],
  ['nobody signed in', answer(401), false],
  ['an upload that is gone', answer(404), false],
])('%s', (_what, given, expected) => {
  expect(isPassing(given)).toBe(expected)
})

test('a page of a proxy is no reason', () => {
  expect(failureOf(answer(502, '<html>'))).toEqual({ code: 'unavailable', message: undefined, details: {} })
})
