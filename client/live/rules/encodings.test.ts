import { expect, test } from 'vitest'
import { planVideo, preferredCodec } from './encodings.ts'

const scales = (width: number, height: number) => planVideo(width, height).video?.scales

test('the number of layers follows what a browser really sends of that size', () => {
  expect(scales(1280, 720)).toEqual([4, 2, 1])
  expect(scales(960, 540)).toEqual([4, 2, 1])
  expect(scales(854, 480)).toEqual([2, 1])
  expect(scales(640, 360)).toEqual([2, 1])
  expect(scales(320, 240)).toEqual([1])
})

test('a portrait track gets the layers of the same track lying down', () => {
  expect(scales(720, 1280)).toEqual([4, 2, 1])
  expect(scales(360, 640)).toEqual([2, 1])
})

test('bitrates follow the picture of each layer', () => {
  const { encodings } = planVideo(1280, 720)
  expect(encodings.map(({ maxBitrate }) => maxBitrate)).toEqual([150_000, 500_000, 1_500_000])
  expect(planVideo(1920, 1080).encodings.at(-1)?.maxBitrate).toBe(3_000_000)
})

test('a track of unknown size is sent in one layer and offers no choice of qualities', () => {
  const plan = planVideo(undefined, undefined)
  expect(plan.encodings).toHaveLength(1)
  expect(plan.video).toBeUndefined()
})

test('H.264 is chosen where it can be sent, VP8 otherwise', () => {
  const vp8 = { mimeType: 'video/VP8' }
  const h264 = { mimeType: 'video/H264' }
  expect(preferredCodec([vp8, h264])).toBe(h264)
  expect(preferredCodec([{ mimeType: 'audio/opus' }, vp8])).toBe(vp8)
})
