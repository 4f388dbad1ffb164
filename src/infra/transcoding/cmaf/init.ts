import { box, fullBox, u16, u32 } from './boxes.ts'

/** Init segments of CMAF (ISO/IEC 23000-19): what a player reads once for a rendition. There is one track, number 1. */

export type PictureTrack = {
  width: number
  height: number
  timescale: number
  avcConfig: Buffer
  /** Ticks from the first decoding to the first picture: an edit list takes them off, as players expect it. */
  delay: number
}

const NO_MATRIX = u32(0x10000, 0, 0, 0, 0x10000, 0, 0, 0, 0x40000000)
const TRACK_ID = u32(1)
/** `und`, five bits a letter. */
const LANGUAGE = u16(0x55c4, 0)
/** Enabled, in the movie, in the preview. */
const TRACK_FLAGS = 7
/** 16.16 fixed point, as sizes and rates are written. */
const FIXED = 65_536

export const pictureInit = (track: PictureTrack): Buffer =>
  initOf({
    timescale: track.timescale,
    handler: 'vide',
    header: fullBox('vmhd', 0, 1, u16(0, 0, 0, 0)),
    entry: avcEntry(track),
    size: u32(track.width * FIXED, track.height * FIXED),
    volume: 0,
    delay: track.delay,
  })

export const soundInit = (timescale: number, decoderConfig: Buffer): Buffer =>
  initOf({
    timescale,
    handler: 'soun',
    header: fullBox('smhd', 0, 0, u16(0, 0)),
    entry: aacEntry(timescale, decoderConfig),
    size: u32(0, 0),
    volume: 0x0100,
    delay: 0,
  })

type Track = {
  timescale: number
  handler: string
  header: Buffer
  entry: Buffer
  size: Buffer
  volume: number
  delay: number
}

function initOf(track: Track): Buffer {
  const brands = Buffer.from('cmfciso6isommp41', 'latin1')
  const movieHeader = fullBox(
    'mvhd',
    0,
    0,
    u32(0, 0, track.timescale, 0, FIXED),
    u16(0x0100, 0),
    u32(0, 0),
    NO_MATRIX,
    u32(0, 0, 0, 0, 0, 0, 2),
  )
  const trackHeader = fullBox(
    'tkhd',
    0,
    TRACK_FLAGS,
    u32(0, 0, 1, 0, 0, 0, 0),
    u16(0, 0, track.volume, 0),
    NO_MATRIX,
    track.size,
  )
  const mediaHeader = fullBox('mdhd', 0, 0, u32(0, 0, track.timescale, 0), LANGUAGE)
  const handlerName = Buffer.from('Social Flow\0', 'latin1')
  const handler = fullBox(
    'hdlr',
    0,
    0,
    u32(0),
    Buffer.from(track.handler, 'latin1'),
    u32(0, 0, 0),
    handlerName,
  )
  const data = box('dinf', fullBox('dref', 0, 0, u32(1), fullBox('url ', 0, 1)))
  const samples = box(
    'stbl',
    fullBox('stsd', 0, 0, u32(1), track.entry),
    ...['stts', 'stsc', 'stco'].map((type) => fullBox(type, 0, 0, u32(0))),
    fullBox('stsz', 0, 0, u32(0, 0)),
  )
  // The whole track (0: its length is open), at its own speed, from its first picture on.
  const edits = track.delay > 0 ? [box('edts', fullBox('elst', 0, 0, u32(1, 0, track.delay), u16(1, 0)))] : []
  const media = box('mdia', mediaHeader, handler, box('minf', track.header, data, samples))
  const extends_ = box('mvex', fullBox('trex', 0, 0, TRACK_ID, u32(1, 0, 0, 0)))
  return Buffer.concat([
    box('ftyp', Buffer.from('cmfc', 'latin1'), u32(0), brands),
    box('moov', movieHeader, box('trak', trackHeader, ...edits, media), extends_),
  ])
}

function avcEntry({ width, height, avcConfig }: PictureTrack): Buffer {
  const compressor = Buffer.alloc(32)
  const picture = [u16(width, height), u32(0x00480000, 0x00480000, 0), u16(1), compressor, u16(0x18, 0xffff)]
  // BT.709 and limited range, as everything is converted to.
  const colour = box('colr', Buffer.from('nclx', 'latin1'), u16(1, 1, 1), Buffer.from([0]))
  const square = box('pasp', u32(1, 1))
  return box('avc1', u32(0), u16(0, 1), u32(0, 0, 0, 0), ...picture, box('avcC', avcConfig), colour, square)
}

function aacEntry(sampleRate: number, decoderConfig: Buffer): Buffer {
  const descriptor = (tag: number, body: Buffer) => Buffer.concat([Buffer.from([tag, body.length]), body])
  const specific = descriptor(5, decoderConfig)
  // 0x40: AAC of MPEG-4; 0x15: a stream of sound. Rates are left open.
  const decoder = descriptor(4, Buffer.concat([Buffer.from([0x40, 0x15, 0, 0, 0]), u32(0, 0), specific]))
  const stream = descriptor(
    3,
    Buffer.concat([u16(1), Buffer.from([0]), decoder, descriptor(6, Buffer.from([2]))]),
  )
  const sound = [u32(0, 0), u16(2, 16, 0, 0), u32(sampleRate * FIXED)]
  return box('mp4a', u32(0), u16(0, 1), ...sound, fullBox('esds', 0, 0, stream))
}
