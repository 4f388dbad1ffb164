import { expect, test } from 'vitest'
import type { AudioRecord, ChunkRecord, Plan, SourceFacts } from '../model.ts'
import { writeManifests } from './manifests.ts'

const rung = {
  name: '240p',
  width: 426,
  height: 240,
  rate: { num: 25, den: 1 },
  step: 1,
  level: 21,
  maxrateBps: 400_000,
}
const plan: Plan = {
  // Nothing of it is looked at here.
  source: {} as SourceFacts,
  ...{ rate: rung.rate, frames: 250, segmentFrames: 100, segments: 3, segmentsPerChunk: 2, chunks: 2 },
  ...{ rungs: [rung], firstRung: '240p', durationMs: 10_000 },
}
const record = { rung: '240p', codec: 'avc1.640015', initSha256: 'x' }
const chunks: ChunkRecord[] = [
  { ...record, chunk: 1, segmentBytes: [20_000] },
  { ...record, chunk: 0, segmentBytes: [100_000, 50_000] },
]
const track = (index: number, more: Partial<AudioRecord>): AudioRecord => ({
  ...{ name: `audio-${index}`, track: index, codec: 'mp4a.40.2', language: undefined, title: undefined },
  ...{ isDefault: false, timescale: 48_000, sourceLufs: -14, gainDb: 0 },
  segments: [192_512, 191_488, 96_000].map((duration) => ({ duration, sizeBytes: 64_000 })),
  ...more,
})
const captions = [{ key: 'captions/de.vtt', language: 'de', label: 'A "B" <&>', isDefault: true }]
const texts = (audio: AudioRecord[]) =>
  new Map(writeManifests({ plan, chunks, audio, captions }).map(({ key, text }) => [key, text]))

test('HLS names true rates: the largest segment and all of them, of picture and sound', () => {
  const master = texts([track(0, {})]).get('master.m3u8')
  // 100 000 bytes in 4 s; of the sound 192 000 in 10 s, as its last segment is too short to be a peak.
  expect(master).toContain('BANDWIDTH=353600,AVERAGE-BANDWIDTH=289600,CODECS="avc1.640015,mp4a.40.2"')
  expect(master).toContain('RESOLUTION=426x240,FRAME-RATE=25.000,AUDIO="audio",SUBTITLES="subs"')
  expect(master).toContain(
    'NAME="A B <&>",LANGUAGE="de",DEFAULT=YES,AUTOSELECT=YES,FORCED=NO,URI="captions/de.m3u8"',
  )
})

test('playlists count segments in order, the last one shorter', () => {
  const all = texts([])
  expect(all.get('240p/index.m3u8')).toContain(
    '#EXTINF:4.00000,\n00000.m4s\n#EXTINF:4.00000,\n00001.m4s\n#EXTINF:2.00000,\n00002.m4s\n#EXT-X-ENDLIST\n',
  )
  expect(all.get('captions/de.m3u8')).toContain('#EXT-X-TARGETDURATION:10\n')
  expect(all.get('master.m3u8')).not.toContain('AUDIO')
})

test('tracks of the same name are told apart, and one is the default', () => {
  const master = texts([
    track(1, { language: 'eng', isDefault: true }),
    track(0, { language: 'eng' }),
    track(2, {}),
  ])
  expect(
    master
      .get('master.m3u8')
      ?.match(/NAME="[^"]*"(?:,LANGUAGE="eng")?,DEFAULT=\w+/g)
      ?.slice(0, 3),
  ).toEqual([
    'NAME="English",LANGUAGE="eng",DEFAULT=NO',
    'NAME="English (2)",LANGUAGE="eng",DEFAULT=YES',
    'NAME="Track 3",DEFAULT=NO',
  ])
})

test('DASH has the same segments by their times, and what people wrote is escaped', () => {
  const manifest = texts([track(0, {})]).get('manifest.mpd')
  expect(manifest).toContain('<S t="0" d="100000" r="1"/>\n            <S d="50000"/>')
  expect(manifest).toContain('<S t="0" d="192512"/>\n            <S d="191488"/>\n            <S d="96000"/>')
  expect(manifest).toContain('<Label>A &quot;B&quot; &lt;&amp;&gt;</Label>')
  expect(manifest).toContain('<BaseURL>captions/de.vtt</BaseURL>')
})
