import { describe, expect, it } from 'vitest'
import { percentOf } from './progress.ts'

describe('how far a run is', () => {
  it('begins above nothing and stays below everything until it is published', () => {
    expect(percentOf({ done: 0, all: 100, soundDone: 0, soundAll: 1 })).toBe(3)
    expect(percentOf({ done: 100, all: 100, soundDone: 1, soundAll: 1 })).toBe(99)
    expect(percentOf({ done: 100, all: 100, soundDone: 0, soundAll: 0 })).toBe(99)
  })

  it('grows with each piece', () => {
    const shares = [0, 10, 50, 90, 100].map((done) =>
      percentOf({ done, all: 100, soundDone: 0, soundAll: 2 }),
    )
    expect(shares).toEqual([...new Set(shares)].sort((a, b) => a - b))
    expect(percentOf({ done: 50, all: 100, soundDone: 1, soundAll: 1 })).toBeGreaterThan(
      percentOf({ done: 50, all: 100, soundDone: 0, soundAll: 1 }),
    )
  })
})
