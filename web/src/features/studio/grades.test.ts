import { expect, test } from 'vitest'
import { gradesOf } from './grades.ts'

const stats = {
  bitrateBps: 2_000_000,
  fps: 30,
  width: 1280,
  height: 720,
  rttMs: 40,
  lossShare: 0,
  codec: 'video/VP8',
  limitedBy: 'none' as const,
}

test('a healthy stream is good in everything', () => {
  expect(gradesOf(stats)).toEqual({ bitrate: 'good', fps: 'good', roundTrip: 'good', loss: 'good' })
})

test('each figure is judged by itself, and an unknown one not at all', () => {
  expect(gradesOf({ ...stats, bitrateBps: 300_000, fps: 20, rttMs: undefined, lossShare: 0.05 })).toEqual({
    bitrate: 'poor',
    fps: 'fair',
    roundTrip: undefined,
    loss: 'fair',
  })
})
