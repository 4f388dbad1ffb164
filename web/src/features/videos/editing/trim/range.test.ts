import { describe, expect, it } from 'vitest'
import { isWhole, isWithin, shortTime, snap, stepOf, wholeOf, withEnd, withStart } from './range.ts'

const BOUNDS = { durationMs: 10_020, fps: 25 }
const WHOLE = wholeOf(BOUNDS)

describe('what stays of a video', () => {
  it('begins and ends with a frame, and may end with the video', () => {
    expect(snap(1019, BOUNDS)).toBe(1000)
    expect(snap(1021, BOUNDS)).toBe(1040)
    expect(snap(-5, BOUNDS)).toBe(0)
    expect(snap(10_005, BOUNDS)).toBe(10_020)
    expect(snap(1000, { durationMs: 9000, fps: 30_000 / 1001 })).toBe(1001)
  })

  it('is a second long at least, whichever end is moved', () => {
    expect(withStart(WHOLE, 4010, BOUNDS)).toEqual({ startMs: 4000, endMs: 10_020 })
    expect(withStart(WHOLE, 9900, BOUNDS)).toEqual({ startMs: 9000, endMs: 10_020 })
    expect(withEnd({ startMs: 4000, endMs: 9000 }, 4200, BOUNDS)).toEqual({ startMs: 4000, endMs: 5000 })
    expect(withEnd({ startMs: 4000, endMs: 9000 }, 99_999, BOUNDS)).toEqual({ startMs: 4000, endMs: 10_020 })
    const ntsc = { durationMs: 10_010, fps: 30_000 / 1001 }
    for (let at = 0; at < 10_010; at += 37) {
      expect(isWithin(withStart(wholeOf(ntsc), at, ntsc), ntsc)).toBe(true)
      expect(isWithin(withEnd(wholeOf(ntsc), at, ntsc), ntsc)).toBe(true)
    }
  })

  it('is known for all of it, and for none that can be', () => {
    expect(isWhole(WHOLE, BOUNDS)).toBe(true)
    expect(isWhole({ startMs: 0, endMs: 10_000 }, BOUNDS)).toBe(false)
    expect(isWithin({ startMs: 9100, endMs: 10_020 }, BOUNDS)).toBe(false)
    expect(isWithin({ startMs: 0, endMs: 11_000 }, BOUNDS)).toBe(false)
  })

  it('is told in times that are exact and short', () => {
    expect([0, 6500, 10_000, 70_033, 3_600_000].map(shortTime)).toEqual([
      ...['0:00', '0:06.5', '0:10', '1:10.033', '1:00:00'],
    ])
  })

  it('is changed by keys: a frame, or a second with Shift', () => {
    const by = (key: string, shiftKey = false) => stepOf({ key, shiftKey }, BOUNDS)
    expect([by('ArrowLeft'), by('ArrowRight'), by('ArrowUp')]).toEqual([-40, 40, 40])
    expect([by('ArrowRight', true), by('PageDown'), by('PageUp')]).toEqual([1000, -1000, 1000])
    expect([by('Home'), by('a')]).toEqual([undefined, undefined])
  })
})
