import { expect, test } from 'vitest'
import { readCues, writeCues } from './cues.ts'

const read = (text: string) => readCues(Buffer.from(text))

test('SubRip becomes WebVTT, whatever ends its lines', () => {
  const text =
    '1\r\n00:00:01,500 --> 00:00:03,000\r\nfirst\r\nsecond\r\n\r\n2\r\n1:00:00,5 --> 1:00:01,25\r\nlate\r\n'
  expect(writeCues(read(text))).toBe(
    'WEBVTT\nX-TIMESTAMP-MAP=MPEGTS:0,LOCAL:00:00:00.000\n\n' +
      '00:00:01.500 --> 00:00:03.000\nfirst\nsecond\n\n01:00:00.500 --> 01:00:01.250\nlate\n',
  )
})

test('WebVTT keeps its settings and tags, and loses styles, regions, notes and what is neither', () => {
  const text =
    'WEBVTT\n\nSTYLE\n::cue { background: url(http://a.example/x) }\n\nNOTE\n00:01.000 --> 00:02.000\nhidden\n\n' +
    'name\n00:01.000 --> 00:02.000 align:start position:10% evil:1\n<v Anna>Hi</v> <img src=x onerror=alert(1)> <b>you</b> & me < all\n'
  expect(read(text)).toEqual([
    {
      startMs: 1000,
      endMs: 2000,
      settings: 'align:start position:10%',
      text: '<v Anna>Hi</v>  <b>you</b> &amp; me &lt; all',
    },
  ])
})

test('nothing in a text can begin a cue of its own', () => {
  const [cue] = read('WEBVTT\n\n00:01.000 --> 00:02.000\none\n00:03.000 --> 00:04.000\n   \ntwo')
  expect(cue?.text).toBe('one\n00:03.000 → 00:04.000\ntwo')
})

test('cues out of order are sorted, those without a length or a text are left out', () => {
  const text =
    'WEBVTT\n\n00:05.000 --> 00:06.000\nb\n\n00:01.000 --> 00:02.000\na\n\n00:03.000 --> 00:03.000\nx\n\n00:03.000 --> 00:04.000\n\n'
  expect(read(text).map((cue) => cue.text)).toEqual(['a', 'b'])
})

test('old encodings are read', () => {
  const text = '00:01.000 --> 00:02.000\né'
  expect(readCues(Buffer.from(text, 'latin1'))[0]?.text).toBe('é')
  expect(readCues(Buffer.from(`\uFEFF${text}`, 'utf16le'))[0]?.text).toBe('é')
})

test('what has no captions is refused, a file without any is not', () => {
  expect(() => read('hello')).toThrow('no captions')
  expect(read('WEBVTT\n')).toEqual([])
  const endless = Array.from({ length: 20_001 }, () => '00:01.000 --> 00:02.000\na\n').join('\n')
  expect(() => read(endless)).toThrow('20 000')
  expect(() => read('a'.repeat(2_200_000))).toThrow('two million')
})
