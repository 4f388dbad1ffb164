import { describe, expect, test } from 'vitest'
import { chaptersIn } from './chapters.ts'

const TEN_MINUTES_MS = 600_000
const read = (...lines: string[]) => chaptersIn(lines.join('\n'), TEN_MINUTES_MS)
const startsOf = (...lines: string[]) => read(...lines).map(({ startMs }) => startMs)

describe('chapters of a description', () => {
  test('are the lines that begin with a time, whatever stands between', () => {
    expect(read('About this', '0:00 Intro', '', '1:30 - The middle', 'Thanks!', '09:59 | End')).toEqual([
      { startMs: 0, title: 'Intro' },
      { startMs: 90_000, title: 'The middle' },
      { startMs: 599_000, title: 'End' },
    ])
  })

  test.each([
    ['hours', ['0:00 a', '0:01:00 b', '00:02:00 c'], [0, 60_000, 120_000]],
    ['brackets', ['[0:00] a', '(1:00) b', '[02:00] – c'], [0, 60_000, 120_000]],
    ['the last second', ['0:00 a', '1:00 b', '9:59 c'], [0, 60_000, 599_000]],
    ['minutes beyond an hour', ['0:00 a', '1:00 b', '9:00 c'], [0, 60_000, 540_000]],
  ])('may have %s', (_what, lines, starts) => {
    expect(startsOf(...lines)).toEqual(starts)
  })

  test.each([
    ['there are two', ['0:00 a', '1:00 b']],
    ['the first is not at the beginning', ['0:01 a', '1:00 b', '2:00 c']],
    ['one comes before the one above it', ['0:00 a', '2:00 b', '1:00 c']],
    ['two begin at once', ['0:00 a', '1:00 b', '1:00 c']],
    ['one begins behind the end', ['0:00 a', '1:00 b', '10:00 c']],
    ['they have no names', ['0:00', '1:00', '2:00']],
    ['their times are none', ['0:00 a', '0:99 b', '1:5 c', '2:00 d']],
    ['they stand within a sentence', ['see 0:00 a', 'see 1:00 b', 'see 2:00 c']],
    ['there are more than anybody reads', Array.from({ length: 101 }, (_, i) => `0:0${i % 10} x`)],
  ])('are none where %s', (_what, lines) => {
    expect(read(...lines)).toEqual([])
  })

  test('there are none in an empty description, and their names are cut', () => {
    expect(read('')).toEqual([])
    const [first] = read(`0:00 ${'😀'.repeat(150)}`, '1:00 b', '2:00 c')
    expect(first?.title).toBe('😀'.repeat(100))
  })
})
