import { expect, test } from 'vitest'
import { qualitiesOf } from './codecs.ts'

test('each simulcast layer becomes a quality with its size, smallest first', () => {
  expect(qualitiesOf(3, { width: 1280, height: 720, scales: [4, 2, 1] })).toEqual([
    { spatialLayer: 0, width: 320, height: 180 },
    { spatialLayer: 1, width: 640, height: 360 },
    { spatialLayer: 2, width: 1280, height: 720 },
  ])
})

test('a sender whose description does not match its layers offers no choice', () => {
  expect(qualitiesOf(2, { width: 1280, height: 720, scales: [4, 2, 1] })).toEqual([])
  expect(qualitiesOf(1, undefined)).toEqual([])
})
