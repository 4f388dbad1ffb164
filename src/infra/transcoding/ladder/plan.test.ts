import { expect, test } from 'vitest'
import type { SourceFacts } from '../model.ts'
import { planLadder } from './plan.ts'
import { chooseRate } from './rates.ts'

const source = (width: number, height: number, fps = 30, durationMs = 60_000): SourceFacts => ({
  ...{ container: 'mov', sizeBytes: 1, durationMs, isTruncated: false, audio: [], texts: [] },
  picture: {
    ...{ stream: 0, codec: 'h264', codedWidth: width, codedHeight: height, width, height, rotation: 0, fps },
    ...{ isVariable: false, frames: 1, keyframeMs: 1000, bitDepth: 8, hdr: undefined, matrix: undefined },
    ...{ isInterlaced: false, isFullRange: false },
  },
})
const sizes = (facts: SourceFacts) =>
  planLadder(facts).rungs.map(({ name, width, height }) => `${name} ${width}×${height}`)

test('the ladder goes from 240p to the size of the source and no further', () => {
  expect(sizes(source(1920, 1080))).toEqual([
    ...['240p 426×240', '360p 640×360', '480p 852×480', '720p 1280×720', '1080p 1920×1080'],
  ])
  expect(sizes(source(3840, 2160)).at(-1)).toBe('2160p 3840×2160')
  expect(sizes(source(7680, 4320)).at(-1)).toBe('2160p 3840×2160')
})

test('upright, small, nearly standard and very long pictures keep their shape and are never enlarged', () => {
  expect(sizes(source(1080, 1920)).at(-1)).toBe('1080p 1080×1920')
  expect(sizes(source(100, 50))).toEqual(['240p 100×50'])
  expect(sizes(source(17, 17))).toEqual(['240p 16×16'])
  expect(sizes(source(1920, 1038)).at(-1)).toBe('1080p 1920×1038')
  expect(sizes(source(8000, 200)).at(-1)).toBe('2160p 5184×128')
})

test('60 frames a second stay where they are seen, and small renditions have half of them', () => {
  const { rungs, segmentFrames } = planLadder(source(1280, 720, 60))
  expect(segmentFrames).toBe(240)
  expect(rungs.map(({ name, rate, step, level }) => [name, rate.num / rate.den, step, level])).toEqual([
    ['240p', 30, 2, 21],
    ['360p', 30, 2, 30],
    ['480p', 30, 2, 31],
    ['720p60', 60, 1, 32],
  ])
})

test('segments have whole frames and two keyframes at any rate, and chunks whole segments', () => {
  for (const fps of [10, 12, 15, 20, 23.976, 24, 25, 29.97, 30, 48, 50, 59.94, 60]) {
    const plan = planLadder(source(1280, 720, fps, 100_000))
    expect(plan.segmentFrames % 4).toBe(0)
    expect(Math.abs((plan.segmentFrames * plan.rate.den) / plan.rate.num - 4)).toBeLessThan(0.2)
    expect(plan.chunks).toBe(Math.ceil(plan.segments / plan.segmentsPerChunk))
    expect(Math.abs(plan.durationMs - 100_000)).toBeLessThan(1000 / fps)
  }
})

test('a rate becomes the nearest one that players expect', () => {
  const rates = [29.98, 30.01, 23.98, 120, 100, 240, 1, 14.2, 90, 1000].map((fps) => chooseRate(fps))
  expect(rates.map(({ num, den }) => Math.round((num / den) * 1000) / 1000)).toEqual([
    ...[29.97, 30, 23.976, 60, 50, 60, 10, 15, 48, 59.94],
  ])
})

test('a video of one frame has one segment', () => {
  expect(planLadder(source(640, 360, 30, 33))).toMatchObject({
    frames: 1,
    segments: 1,
    chunks: 1,
    firstRung: '360p',
  })
})

test('a part has the frames nearest to its moments, and those of the source alone', () => {
  const partOf = (startMs: number, endMs: number, fps = 30) => {
    const { cut, frames, durationMs, chunks } = planLadder(source(640, 360, fps, 60_000), { startMs, endMs })
    return { ...cut, frames, durationMs, chunks }
  }
  expect(partOf(1000, 3000)).toEqual({
    ...{ firstFrame: 30, wholeMs: 60_000, frames: 60, durationMs: 2000, chunks: 1 },
  })
  expect(partOf(1016, 1049)).toMatchObject({ firstFrame: 30, frames: 1 })
  expect(partOf(1017, 60_000)).toMatchObject({ firstFrame: 31, frames: 1769, chunks: 2 })
  expect(partOf(59_990, 70_000)).toMatchObject({ firstFrame: 1799, frames: 1 })
  expect(partOf(1001, 2002, 29.97)).toMatchObject({ firstFrame: 30, frames: 30, durationMs: 1001 })
  expect(planLadder(source(640, 360)).cut).toBeUndefined()
})
