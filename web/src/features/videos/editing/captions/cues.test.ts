import { describe, expect, test } from 'vitest'
import { problemsOf, readTime, rowAfter, toRows, toVtt, writeTime } from './cues.ts'

let made = 0
const newId = () => `${++made}`
const row = (start: string, end: string, text = 'Hello') => ({ id: 'a', start, end, text, settings: '' })
const rulesOf = (...rows: ReturnType<typeof row>[]) =>
  problemsOf(rows, 60_000).map(({ field, rule }) => `${field} ${rule}`)

describe('captions that are edited', () => {
  test.each([
    ['1:02:03.5', 3_723_500],
    ['2:03', 123_000],
    ['0:01,25', 1250],
    ['63.25', 63_250],
    [' 7 ', 7000],
    ['1:60', undefined],
    ['', undefined],
    ['soon', undefined],
    ['1:02:03:04', undefined],
  ])('“%s” is %s ms', (text, ms) => {
    expect(readTime(text)).toBe(ms)
  })

  test('times are written as they are read', () => {
    for (const ms of [0, 999, 61_000, 3_600_000, 86_399_999]) expect(readTime(writeTime(ms))).toBe(ms)
    expect([writeTime(1500), writeTime(3_661_001)]).toEqual(['0:01.500', '1:01:01.001'])
  })

  test('what is wrong with them is told by field', () => {
    expect(rulesOf(row('0:01', '0:02'))).toEqual([])
    expect(rulesOf(row('0:02', '0:02'))).toEqual(['end endRule'])
    expect(rulesOf(row('x', '', ' '))).toEqual(['start timeRule', 'end timeRule', 'text textRule'])
    expect(rulesOf(row('1:00', '1:02'))).toEqual(['start lateRule'])
  })

  test('they become WebVTT that nothing in a text can break out of', () => {
    const text = 'one\n\n00:09.000 --> 00:10.000\ntwo'
    expect(toVtt([{ ...row('0:01.5', '1:00:00', text), settings: 'align:start' }])).toBe(
      'WEBVTT\n\n00:00:01.500 --> 01:00:00.000 align:start\none\n00:09.000 --> 00:10.000\ntwo\n',
    )
  })

  test('entities are edited as what they stand for', () => {
    const cue = { startMs: 0, endMs: 1000, settings: '', text: 'a &lt; b &amp; <i>c</i> &amp;lt;' }
    expect(toRows([cue], newId)[0]?.text).toBe('a < b & <i>c</i> &lt;')
  })

  test('another one goes behind the one before it', () => {
    expect(rowAfter(undefined, newId)).toMatchObject({ start: '0:00.000', end: '0:02.000' })
    expect(rowAfter(row('0:01', '0:05'), newId)).toMatchObject({ start: '0:05.000', end: '0:07.000' })
  })
})
