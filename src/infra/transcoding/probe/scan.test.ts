import { expect, test } from 'vitest'
import { summarise } from './scan.ts'

const every = (seconds: number, count: number) => Array.from({ length: count }, (_, i) => i * seconds)

test('times that were rounded to milliseconds are an even rate', () => {
  const rounded = every(1 / 30, 300).map((time) => Math.round(time * 1000) / 1000)
  const scan = summarise(rounded, 10, 0.033)
  expect(scan).toMatchObject({ frames: 300, keyframes: 10, isVariable: false })
  expect(1 / (scan?.meanS ?? 0)).toBeCloseTo(30, 1)
})

test('a frame dropped now and then leaves a rate even, many make it variable', () => {
  expect(
    summarise(
      every(0.04, 200).filter((_, i) => i !== 77),
      1,
      0.04,
    )?.isVariable,
  ).toBe(false)
  const uneven = summarise(
    every(0.04, 200).filter((_, i) => i < 150 || i % 3 === 0),
    1,
    0.04,
  )
  expect(uneven?.isVariable).toBe(true)
  expect(uneven?.medianS).toBeCloseTo(0.04)
})

test('packets come in the order of decoding, and the last one ends after its duration', () => {
  expect(summarise([0.5, 0.62, 0.54, 0.58], 1, 0.04)).toMatchObject({ firstS: 0.5, endS: 0.66 })
  expect(summarise([3], 1, 0.1)).toMatchObject({ frames: 1, endS: 3.1, medianS: 0.1, isVariable: false })
  expect(summarise([], 0, 0)).toBeUndefined()
})
