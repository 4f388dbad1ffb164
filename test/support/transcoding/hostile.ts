import { readFile } from 'node:fs/promises'
import type { RefusalCode } from '../../../src/infra/transcoding/model.ts'
import { AAC, picture, sound, words, X264 } from './awkward.ts'
import { replaced, withHugeJpeg, withoutData, zipOfZeros } from './crafted.ts'
import type { Workshop } from './workshop.ts'

/** A file that must be refused, and why. */
export type Hostile = { name: string; code: RefusalCode; file: (at: Place) => Promise<string> }
/** Where it is made, and a port of this machine that it may try to reach. */
type Place = Pick<Workshop, 'make' | 'write'> & { port: number }

const playlist = (uri: string) => `#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\n${uri}\n#EXT-X-ENDLIST\n`
const text = (name: string, content: (port: number) => string): Hostile['file'] => {
  return ({ write, port }) => write(name, content(port))
}
const made = (...args: readonly string[]): Hostile['file'] => {
  return ({ make }) => make(...args)
}
/** A small honest file, changed. */
const changed = (
  name: string,
  args: readonly string[],
  change: (bytes: Buffer) => Buffer,
): Hostile['file'] => {
  return async ({ make, write }) => write(name, change(await readFile(await make(...args))))
}
const SMALL = [...picture(), ...X264, 'small.mp4']
const repeated = (count: number, args: (i: number) => string[]) =>
  Array.from({ length: count }, (_, i) => args(i)).flat()

const NO_VIDEOS: readonly Hostile[] = [
  { name: 'a playlist that names /etc/passwd', file: text('a.mp4', () => playlist('file:///etc/passwd')) },
  {
    name: 'a playlist that names an address',
    file: text('b.m3u8', (port) => playlist(`http://127.0.0.1:${port}/x.ts`)),
  },
  {
    name: 'a list of files to join',
    file: text('c.mp4', () => "ffconcat version 1.0\nfile '/etc/passwd'\n"),
  },
  { name: 'subtitles', file: text('d.mp4', () => '1\n00:00:00,000 --> 00:00:01,000\n/etc/passwd\n') },
  {
    name: 'a DASH manifest',
    file: text(
      'e.mp4',
      (port) => `<?xml version="1.0"?><MPD><BaseURL>http://127.0.0.1:${port}/</BaseURL></MPD>`,
    ),
  },
  {
    name: 'a drawing that names a file',
    file: text(
      'f.mp4',
      () => '<svg xmlns="http://www.w3.org/2000/svg"><image href="file:///etc/passwd"/></svg>',
    ),
  },
  {
    name: 'a session description',
    file: text('g.sdp', (port) => `v=0\nc=IN IP4 127.0.0.1\nm=video ${port} RTP/AVP 96\n`),
  },
  { name: 'zeros in a zip', file: ({ write }: Place) => write('h.zip', zipOfZeros) },
  { name: 'an empty file', file: text('i.mp4', () => '') },
  { name: 'a still picture', file: made(...picture(), ...words('-frames:v 1 still.png')) },
].map((one) => ({ ...one, code: 'not_a_video' as const }))

const COVER = words('-map 0 -map 1 -frames:v 1 -c:v mjpeg -c:a aac -disposition:v attached_pic cover.m4a')
const JPEG = [...picture('64x64'), ...words('-frames:v 1 -pix_fmt yuvj420p -c:v mjpeg jpeg.mkv')]

export const HOSTILE: readonly Hostile[] = [
  ...NO_VIDEOS,
  { name: 'music', code: 'no_picture', file: made(...sound(), 'music.mp3') },
  { name: 'music with a cover', code: 'no_picture', file: made(...sound(), ...picture('64x64'), ...COVER) },
  {
    name: 'a picture of one pixel',
    code: 'too_small_picture',
    file: made(...picture('16x16'), ...words('-vf scale=1:1 -c:v ffv1 dot.mkv')),
  },
  {
    name: 'a picture 16 384 pixels wide',
    code: 'too_large_picture',
    file: made(...words('-f lavfi -i color=s=16384x32:d=0.1'), ...X264, 'banner.mkv'),
  },
  {
    name: 'a small picture that unpacks to four billion pixels',
    code: 'damaged',
    file: changed('bomb.mkv', JPEG, withHugeJpeg),
  },
  {
    name: 'a video without its end, where the index was',
    code: 'damaged',
    file: changed('end.mp4', SMALL, (bytes) => bytes.subarray(0, 9000)),
  },
  {
    name: 'a video whose pictures are zeros',
    code: 'damaged',
    file: changed('zeros.mp4', SMALL, withoutData),
  },
  {
    name: 'an encrypted video',
    code: 'protected',
    file: changed('drm.mp4', SMALL, (bytes) => replaced(bytes, 'avc1\0\0\0\0', 'encv\0\0\0\0')),
  },
  {
    name: 'more metadata than a video needs',
    code: 'too_much_metadata',
    file: made(
      ...picture(),
      ...X264,
      ...repeated(40, (i) => ['-metadata', `t${i}=${'x'.repeat(10_000)}`]),
      'talk.mkv',
    ),
  },
  {
    name: 'forty tracks',
    code: 'too_many_streams',
    file: made(
      ...picture(),
      ...sound(),
      ...words('-map 0'),
      ...repeated(40, () => ['-map', '1']),
      ...X264,
      ...AAC,
      'many.mkv',
    ),
  },
  {
    name: 'a codec of single pictures',
    code: 'unsupported_codec',
    file: made(...picture('64x64'), ...words('-c:v targa pictures.mov')),
  },
]
