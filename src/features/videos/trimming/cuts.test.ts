import { expect, test } from 'vitest'
import { cutOf, cutOfRun, isSameCut, isWhole, mustBeWithin } from './cuts.ts'

test('a cut is known from what a video shows and from what a run was asked for', () => {
  expect(cutOf({ cutStartMs: 2000, durationMs: 5000 })).toEqual({ startMs: 2000, endMs: 7000 })
  expect(cutOf({ cutStartMs: null, durationMs: 5000 })).toBeUndefined()
  expect(cutOfRun({ cutStartMs: 0, cutEndMs: 7000 })).toEqual({ startMs: 0, endMs: 7000 })
  expect(cutOfRun({ cutStartMs: null, cutEndMs: null })).toBeUndefined()
})

test('two cuts are the same where both ends are, and none is the same as none', () => {
  const cut = { startMs: 1, endMs: 2000 }
  expect(isSameCut(cut, { ...cut })).toBe(true)
  expect(isSameCut(cut, { ...cut, endMs: 2001 })).toBe(false)
  expect(isSameCut(cut, undefined)).toBe(false)
  expect(isSameCut(undefined, undefined)).toBe(true)
})

test('a cut that takes no frame away is none', () => {
  const of = { wholeMs: 10_000, fps: 25 }
  expect(isWhole({ startMs: 0, endMs: 10_000 }, of)).toBe(true)
  expect(isWhole({ startMs: 19, endMs: 9981 }, of)).toBe(true)
  expect(isWhole({ startMs: 20, endMs: 10_000 }, of)).toBe(false)
  expect(isWhole({ startMs: 0, endMs: 9980 }, of)).toBe(false)
  expect(isWhole({ startMs: 17, endMs: 10_000 }, { wholeMs: 10_000, fps: null })).toBe(false)
})

test('a cut lies within the file and leaves a second', () => {
  expect(() => mustBeWithin({ startMs: 9000, endMs: 10_000 }, 10_000)).not.toThrow()
  expect(() => mustBeWithin({ startMs: 0, endMs: 10_001 }, 10_000)).toThrow('before the file does')
  for (const cut of [
    { startMs: 9001, endMs: 10_000 },
    { startMs: 5000, endMs: 5000 },
    { startMs: 6000, endMs: 5000 },
  ])
    expect(() => mustBeWithin(cut, 10_000)).toThrow('a second at least')
})
