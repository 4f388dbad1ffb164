import { describe, expect, test } from 'vitest'
import { commonPlaceS, correction, isNear, phaseAt, serverAheadMs, untilNextMs } from './phases.ts'

const times = { startsAt: 10_000, endsAt: 70_000 }

describe('a premiere', () => {
  test.each([
    [9_999, 'waiting', 1, 0],
    [10_000, 'playing', 60_000, 0],
    [12_500, 'playing', 57_500, 2.5],
    [69_999, 'playing', 1, 59.999],
    [70_000, 'over', undefined, 60],
    [90_000, 'over', undefined, 60],
  ] as const)('at %i is %s, for another %s ms, and all are at second %s', (nowMs, phase, leftMs, placeS) => {
    expect(phaseAt(times, nowMs)).toBe(phase)
    expect(untilNextMs(times, nowMs)).toBe(leftMs)
    expect(commonPlaceS(times, nowMs)).toBeCloseTo(placeS, 6)
  })
})

test('the clock of the server is known to half of the way there and back', () => {
  // Asked at 100, answered at 300: the server said 5 000 at 200 or thereabouts.
  expect(serverAheadMs(5000, 100, 300)).toBe(4800)
  for (const saidAtMs of [100, 150, 300]) {
    const trueAheadMs = 5000 - saidAtMs
    expect(Math.abs(serverAheadMs(5000, 100, 300) - trueAheadMs)).toBeLessThanOrEqual(100)
  }
})

describe('a player in a premiere', () => {
  test.each([
    ['is where all are', 20, 20, true, undefined],
    ['is a little behind', 19.7, 20, true, undefined],
    ['is behind, as it had to load', 18, 20, true, 'behind'],
    ['is behind, as its viewer went back', 5, 20, false, undefined],
    ['is ahead of what was shown', 25, 20, true, 'ahead'],
    ['is ahead although its viewer went back before', 25, 20, false, 'ahead'],
    ['is ahead by no more than players differ', 20.2, 20, false, undefined],
  ] as const)('that %s', (_what, atS, commonS, follows, expected) => {
    expect(correction(atS, commonS, follows)).toBe(expected)
  })

  test('whose viewer seeks to where all are goes on with them', () => {
    expect([isNear(19, 20), isNear(30, 20), isNear(10, 20)]).toEqual([true, true, false])
  })
})
