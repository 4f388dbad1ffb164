import { box, fullBox, u32, u64 } from './boxes.ts'

export type Sample = {
  bytes: Buffer
  duration: number
  /** Its presentation behind its decoding. */
  compositionOffset: number
  isKey: boolean
}

/** Plays alone; and depends on others, is none that can be begun with. */
const KEY_FLAGS = 0x02000000
const OTHER_FLAGS = 0x01010000
/** `default-base-is-moof`. */
const TRACK_FRAGMENT_FLAGS = 0x020000
/** Offset of the data, and of each sample its duration, size, flags and composition offset. */
const RUN_FLAGS = 0x000001 | 0x000100 | 0x000200 | 0x000400 | 0x000800

/** A media segment: one fragment whose first sample is decoded at `startTime`. */
export function mediaSegment(sequence: number, startTime: number, samples: readonly Sample[]): Buffer {
  const rows = Buffer.alloc(samples.length * 16)
  samples.forEach(({ bytes, duration, compositionOffset, isKey }, i) => {
    rows.writeUInt32BE(duration, i * 16)
    rows.writeUInt32BE(bytes.length, i * 16 + 4)
    rows.writeUInt32BE(isKey ? KEY_FLAGS : OTHER_FLAGS, i * 16 + 8)
    rows.writeUInt32BE(compositionOffset, i * 16 + 12)
  })
  const fragment = (dataOffset: number) =>
    box(
      'moof',
      fullBox('mfhd', 0, 0, u32(sequence)),
      box(
        'traf',
        fullBox('tfhd', 0, TRACK_FRAGMENT_FLAGS, u32(1)),
        fullBox('tfdt', 1, 0, u64(startTime)),
        fullBox('trun', 0, RUN_FLAGS, u32(samples.length, dataOffset), rows),
      ),
    )
  // The data begin behind the header of the box that follows.
  const offset = fragment(0).length + 8
  const type = box('styp', Buffer.from('cmfs', 'latin1'), u32(0), Buffer.from('cmfscmfciso6', 'latin1'))
  return Buffer.concat([type, fragment(offset), box('mdat', ...samples.map(({ bytes }) => bytes))])
}
