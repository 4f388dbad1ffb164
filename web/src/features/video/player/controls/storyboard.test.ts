import { describe, expect, it } from 'vitest'
import { frameAt, parseStoryboard } from './storyboard.ts'

const TEXT = `WEBVTT

00:00.000 --> 00:02.500
sheet-1.webp#xywh=0,0,160,90

00:02.500 --> 01:00:05.000
sheet-1.webp#xywh=160,0,160,90
`

describe('a storyboard', () => {
  const frames = parseStoryboard(TEXT, '/m/g/v/r/storyboard/index.vtt')

  it('is read with its times, places and sheets', () => {
    expect(frames).toEqual([
      { startS: 0, endS: 2.5, url: '/m/g/v/r/storyboard/sheet-1.webp', x: 0, y: 0, width: 160, height: 90 },
      {
        startS: 2.5,
        endS: 3605,
        url: '/m/g/v/r/storyboard/sheet-1.webp',
        x: 160,
        y: 0,
        width: 160,
        height: 90,
      },
    ])
    expect(parseStoryboard(TEXT.replaceAll('\n', '\r\n'), '/m/g/v/r/storyboard/index.vtt')).toEqual(frames)
  })

  it('has a picture for each moment, and none where it has none at all', () => {
    expect(frameAt(frames, 0)?.x).toBe(0)
    expect(frameAt(frames, 2.5)?.x).toBe(160)
    expect(frameAt(frames, 99_999)?.x).toBe(160)
    expect(frameAt([], 1)).toBeUndefined()
    expect(parseStoryboard('not a storyboard', '/x')).toEqual([])
  })
})
