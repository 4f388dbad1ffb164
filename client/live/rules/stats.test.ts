import { expect, test } from 'vitest'
import { createReceiveReader, createSendReader, type Entry } from './stats.ts'

const layer = (frameWidth: number, bytesSent: number, extra: object = {}): Entry => ({
  type: 'outbound-rtp',
  kind: 'video',
  frameWidth,
  frameHeight: (frameWidth * 9) / 16,
  framesPerSecond: 30,
  bytesSent,
  ...extra,
})

test('the rate of a sender is that of all layers since the last reading, its size that of the largest', () => {
  const read = createSendReader()
  read([layer(320, 1000), layer(1280, 9000)], 1000)
  const stats = read(
    [
      layer(320, 2000),
      layer(1280, 133_000, { codecId: 'c1', qualityLimitationReason: 'cpu' }),
      { type: 'codec', id: 'c1', mimeType: 'video/H264' },
      { type: 'remote-inbound-rtp', kind: 'video', fractionLost: 0.02, roundTripTime: 0.031 },
    ],
    2000,
  )
  expect(stats).toEqual({
    bitrateBps: 1_000_000,
    fps: 30,
    width: 1280,
    height: 720,
    rttMs: 31,
    lossShare: 0.02,
    codec: 'video/H264',
    limitedBy: 'cpu',
  })
})

test('a viewer is told about the stream that shows frames, not the one that only measures the path', () => {
  const probe = { type: 'inbound-rtp', kind: 'video', frameWidth: 1920, framesDecoded: 0, bytesReceived: 50 }
  const shown = {
    type: 'inbound-rtp',
    kind: 'video',
    frameWidth: 640,
    frameHeight: 360,
    framesDecoded: 12,
    framesPerSecond: 24.7,
    bytesReceived: 950,
    packetsReceived: 90,
    packetsLost: 10,
  }
  const stats = createReceiveReader()([probe, shown], 0)
  expect(stats).toMatchObject({ width: 640, height: 360, fps: 25, bytesReceived: 1000, lossShare: 0.1 })
  expect(stats.bitrateBps).toBe(0)
})

test('a count that starts anew after a new transport is no negative rate', () => {
  const read = createSendReader()
  read([layer(640, 5000)], 0)
  expect(read([layer(640, 100)], 1000).bitrateBps).toBe(0)
})
