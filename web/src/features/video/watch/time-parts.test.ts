import { expect, test } from 'vitest'
import { timeParts } from './time-parts.ts'

const HOUR_MS = 3_600_000
const timesIn = (text: string, durationMs = 2 * HOUR_MS) =>
  timeParts(text, durationMs).flatMap(({ atMs }) => (atMs === undefined ? [] : [atMs]))

test('times of a text are found, and everything else stays as it is', () => {
  const text = '0:00 Intro\n(1:05) More, and at 1:02:03 the end.'
  expect(timesIn(text)).toEqual([0, 65_000, 3_723_000])
  expect(
    timeParts(text, HOUR_MS * 2)
      .map((part) => part.text)
      .join(''),
  ).toBe(text)
})

test.each(['behind the end: 2:00:00', 'a ratio of 16:9', '1:99', '12:34:56:78', '1:23.456', 'none'])(
  'there is no time in “%s”',
  (text) => {
    expect(timesIn(text)).toEqual([])
    expect(timeParts(text, 2 * HOUR_MS)).toEqual([{ text }])
  },
)
