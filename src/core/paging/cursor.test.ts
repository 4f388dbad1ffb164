import { expect, test } from 'vitest'
import { fromCursor, toCursor, toPage } from './cursor.ts'

const place = (ms: number) => ({ at: new Date(ms), id: '0199f3a4-7d1c-7b60-8c6c-0123456789ab' })

test('a cursor names its place to the millisecond', () => {
  for (const ms of [0, 1, Date.UTC(2026, 10, 22), 8.64e14]) {
    const cursor = toCursor(place(ms))
    expect(cursor).toMatch(/^[\w-]+$/)
    expect(fromCursor(cursor)).toEqual(place(ms))
  }
  expect(fromCursor(undefined)).toBeUndefined()
})

test('anything else is refused as input, whatever it is', () => {
  for (const text of ['', 'x', '%%%', btoa('1.2'), btoa(`-1.${place(0).id}`), `${toCursor(place(5))}AAAA`]) {
    expect(() => fromCursor(text), text).toThrowError(expect.objectContaining({ code: 'invalid_input' }))
  }
})

test('a page ends with null exactly where nothing follows', () => {
  const rows = [3, 2, 1]
  const placeOf = (ms: number) => place(ms)
  expect(toPage(rows, 3, placeOf)).toEqual({ rows, nextCursor: null })
  expect(toPage(rows, 2, placeOf)).toEqual({ rows: [3, 2], nextCursor: toCursor(place(2)) })
  expect(toPage([], 2, placeOf)).toEqual({ rows: [], nextCursor: null })
})
