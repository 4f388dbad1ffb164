import { expect, test } from 'vitest'
import { cutCues, uncutCues } from './cut.ts'

const cue = (startMs: number, endMs: number, text = 'Hello') => ({ startMs, endMs, settings: '', text })
const CUT = { startMs: 5000, endMs: 9000 }

test('captions of a part begin with it, end with it, and are left out where they are not in it', () => {
  const cues = [cue(0, 5000), cue(4000, 6000), cue(6000, 7000), cue(8500, 12_000), cue(9000, 10_000)]
  expect(cutCues(cues, CUT)).toEqual([cue(0, 1000), cue(1000, 2000), cue(3500, 4000)])
})

test('captions written for a part take the place of those in it, and the others stay', () => {
  const former = [
    cue(0, 5000, 'before'),
    cue(4900, 5100, 'half'),
    cue(6000, 7000, 'in'),
    cue(9000, 9500, 'behind'),
  ]
  const written = [cue(0, 500, 'new'), cue(3000, 6000, 'long'), cue(4000, 5000, 'late')]
  const whole = uncutCues(written, CUT, former)
  expect(whole).toEqual([
    cue(0, 5000, 'before'),
    cue(5000, 5500, 'new'),
    cue(8000, 9000, 'long'),
    cue(9000, 9500, 'behind'),
  ])
  expect(cutCues(whole, CUT)).toEqual([cue(0, 500, 'new'), cue(3000, 4000, 'long')])
})
