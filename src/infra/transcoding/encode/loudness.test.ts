import { expect, test } from 'vitest'
import { loudnessOf } from './loudness.ts'

const said = (lufs: string, peak: string) =>
  `progress\n[Parsed_ebur128_1 @ 0x1] Summary:\n\n  Integrated loudness:\n    I:         ${lufs} LUFS\n    Threshold: -33.9 LUFS\n\n  Sample peak:\n    Peak:       ${peak} dBFS\n`

test('what is quiet is raised to −14 LUFS, what is loud is lowered', () => {
  expect(loudnessOf(said('-23.0', '-9.0'))).toEqual({ sourceLufs: -23, gainDb: 9 })
  expect(loudnessOf(said('-8.5', '0.0'))).toEqual({ sourceLufs: -8.5, gainDb: -5.5 })
})

test('peaks are not pressed too far, hiss is not raised, and silence stays silent', () => {
  expect(loudnessOf(said('-30.0', '-2.0')).gainDb).toBe(8)
  expect(loudnessOf(said('-60.0', '-50.0')).gainDb).toBe(20)
  expect(loudnessOf(said('-70.0', '-inf'))).toEqual({ sourceLufs: undefined, gainDb: 0 })
  expect(loudnessOf('nothing')).toEqual({ sourceLufs: undefined, gainDb: 0 })
})
