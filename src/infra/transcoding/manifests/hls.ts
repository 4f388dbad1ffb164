import { segmentName } from '../encode/segments.ts'
import { fpsOf } from '../ladder/rates.ts'
import type { CaptionRecord, Manifest, Plan } from '../model.ts'
import { audioLabels, defaultTrack, segmentFramesOf, type WholeAudio, type WholeRung } from './bandwidth.ts'

type Parts = {
  plan: Plan
  rungs: readonly WholeRung[]
  audio: readonly WholeAudio[]
  captions: readonly CaptionRecord[]
}

/** HLS (RFC 8216bis, version 7 for fragmented MP4). All addresses are relative, so that a grant in the path is inherited. */
export function hlsManifests({ plan, rungs, audio, captions }: Parts): Manifest[] {
  return [
    { key: 'master.m3u8', text: master({ plan, rungs, audio, captions }) },
    ...rungs.map(({ rung }) => ({
      key: `${rung.name}/index.m3u8`,
      text: playlist(segmentFramesOf(plan, rung).map((frames) => (frames * rung.rate.den) / rung.rate.num)),
    })),
    ...audio.map(({ record: { name, segments, timescale } }) => ({
      key: `${name}/index.m3u8`,
      text: playlist(segments.map(({ duration }) => duration / timescale)),
    })),
    ...captions.map((caption) => ({
      key: captionPlaylistKey(caption),
      text: captionPlaylist(caption, plan.durationMs / 1000),
    })),
  ]
}

const captionPlaylistKey = ({ key }: CaptionRecord) => key.replace(/\.vtt$/, '.m3u8')
const lines = (all: readonly string[]) => `${all.join('\n')}\n`

function master({ rungs, audio, captions }: Parts): string {
  const labels = audioLabels(audio)
  const chosen = defaultTrack(audio)
  const sounds = audio.map(({ record: { name, language } }, i) =>
    attributes('#EXT-X-MEDIA', {
      ...{ TYPE: 'AUDIO', 'GROUP-ID': '"audio"', NAME: quoted(labels[i] ?? name) },
      ...(language && { LANGUAGE: quoted(language) }),
      ...{
        DEFAULT: i === chosen ? 'YES' : 'NO',
        AUTOSELECT: 'YES',
        CHANNELS: '"2"',
        URI: `"${name}/index.m3u8"`,
      },
    }),
  )
  const texts = captions.map((caption) =>
    attributes('#EXT-X-MEDIA', {
      ...{ TYPE: 'SUBTITLES', 'GROUP-ID': '"subs"', NAME: quoted(caption.label) },
      ...{ LANGUAGE: quoted(caption.language), DEFAULT: caption.isDefault ? 'YES' : 'NO', AUTOSELECT: 'YES' },
      ...{ FORCED: 'NO', URI: `"${captionPlaylistKey(caption)}"` },
    }),
  )
  const peakBps = Math.max(0, ...audio.map(({ bandwidth }) => bandwidth.peakBps))
  const averageBps = Math.max(0, ...audio.map(({ bandwidth }) => bandwidth.averageBps))
  const variants = rungs.flatMap(({ rung, codec, bandwidth }) => [
    attributes('#EXT-X-STREAM-INF', {
      BANDWIDTH: String(bandwidth.peakBps + peakBps),
      'AVERAGE-BANDWIDTH': String(bandwidth.averageBps + averageBps),
      CODECS: `"${[codec, ...audio.slice(0, 1).map(({ record }) => record.codec)].join(',')}"`,
      RESOLUTION: `${rung.width}x${rung.height}`,
      'FRAME-RATE': fpsOf(rung.rate).toFixed(3),
      ...(audio.length > 0 && { AUDIO: '"audio"' }),
      ...(captions.length > 0 && { SUBTITLES: '"subs"' }),
      'CLOSED-CAPTIONS': 'NONE',
    }),
    `${rung.name}/index.m3u8`,
  ])
  return lines([
    '#EXTM3U',
    '#EXT-X-VERSION:7',
    '#EXT-X-INDEPENDENT-SEGMENTS',
    ...sounds,
    ...texts,
    ...variants,
  ])
}

const attributes = (tag: string, values: Readonly<Record<string, string>>) =>
  `${tag}:${Object.entries(values)
    .map(([name, value]) => `${name}=${value}`)
    .join(',')}`

/** Quoted strings of HLS have no escapes: what would end them is left out. */
const quoted = (text: string) => `"${text.replace(/["\r\n]/g, '')}"`

function playlist(seconds: readonly number[]): string {
  return lines([
    ...head(Math.max(...seconds)),
    '#EXT-X-INDEPENDENT-SEGMENTS',
    '#EXT-X-MAP:URI="init.mp4"',
    ...seconds.flatMap((duration, number) => [`#EXTINF:${duration.toFixed(5)},`, segmentName(number)]),
    '#EXT-X-ENDLIST',
  ])
}

/** RFC 8216: durations rounded to whole seconds may not exceed the target. */
const head = (longestS: number) => [
  ...['#EXTM3U', '#EXT-X-VERSION:7', `#EXT-X-TARGETDURATION:${Math.max(Math.round(longestS), 1)}`],
  ...['#EXT-X-MEDIA-SEQUENCE:0', '#EXT-X-PLAYLIST-TYPE:VOD'],
]

/** Captions are small: one file is one segment. */
const captionPlaylist = ({ key }: CaptionRecord, durationS: number) =>
  lines([
    ...head(durationS),
    `#EXTINF:${durationS.toFixed(5)},`,
    key.slice(key.lastIndexOf('/') + 1),
    '#EXT-X-ENDLIST',
  ])
