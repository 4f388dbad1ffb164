import { open } from 'node:fs/promises'
import { type Box, findBox, readBoxes } from './boxes.ts'

/** A frame as ffmpeg wrote it into a fragmented MP4: `shownAt` counts in the track's timescale. */
export type CodedFrame = { bytes: Buffer; shownAt: number; isKey: boolean }

export type CodedTrack = { avcConfig: Buffer; timescale: number }

const NON_KEY = 0x00010000
/** No box that ffmpeg writes around frames is larger: a second of 2160p has 3 MB. */
const BOX_MAX_BYTES = 512 * 2 ** 20

/**
 * Reads a fragmented MP4 of one H.264 track that ffmpeg wrote with `empty_moov`, one fragment in memory at a time: first
 * the track, then each fragment's frames in the order of decoding.
 */
export async function* readFragments(file: string): AsyncGenerator<CodedTrack | CodedFrame[]> {
  let header: Buffer | undefined
  for await (const { type, body } of topBoxes(file, new Set(['moov', 'moof', 'mdat']))) {
    if (type === 'moov') yield readTrack(body)
    if (type === 'moof') header = body
    if (type === 'mdat' && header) yield readFrames(header, body)
  }
}

async function* topBoxes(
  file: string,
  wanted: ReadonlySet<string>,
): AsyncGenerator<Pick<Box, 'type' | 'body'>> {
  const handle = await open(file, 'r')
  try {
    const { size } = await handle.stat()
    for (let offset = 0; offset + 8 <= size; ) {
      const header = Buffer.alloc(16)
      await handle.read(header, 0, 16, offset)
      const isLong = header.readUInt32BE(0) === 1
      const sizeBytes = isLong ? Number(header.readBigUInt64BE(8)) : header.readUInt32BE(0)
      if (sizeBytes < 8 || sizeBytes > BOX_MAX_BYTES) throw new Error('A fragment has an impossible size.')
      const type = header.toString('latin1', 4, 8)
      if (wanted.has(type)) {
        const start = offset + (isLong ? 16 : 8)
        const body = Buffer.alloc(offset + sizeBytes - start)
        await handle.read(body, 0, body.length, start)
        yield { type, body }
      }
      offset += sizeBytes
    }
  } finally {
    await handle.close()
  }
}

/** Bytes of an AVC sample entry before the boxes in it. */
const AVC_ENTRY_BYTES = 78

function readTrack(moov: Buffer): CodedTrack {
  const media = findBox(moov, 'trak/mdia')
  const timescale = findBox(media, 'mdhd').readUInt32BE(12)
  const descriptions = findBox(media, 'minf/stbl/stsd')
  const [entry] = readBoxes(descriptions.subarray(8))
  if (!entry) throw new Error('The track has no description.')
  return { timescale, avcConfig: findBox(entry.body.subarray(AVC_ENTRY_BYTES), 'avcC') }
}

function readFrames(moof: Buffer, mdat: Buffer): CodedFrame[] {
  const fragment = findBox(moof, 'traf')
  const defaults = readDefaults(findBox(fragment, 'tfhd'))
  const decodeTime = findBox(fragment, 'tfdt')
  let time = Number(decodeTime[0] === 1 ? decodeTime.readBigUInt64BE(4) : decodeTime.readUInt32BE(4))
  let offset = 0
  const frames: CodedFrame[] = []
  for (const { type, body } of readBoxes(fragment)) {
    if (type !== 'trun') continue
    const fields = runFields(body)
    for (let i = 0; i < fields.count; i++) {
      const row = fields.row(i)
      const { duration = defaults.duration, size = defaults.size } = row
      const flags = row.flags ?? (i === 0 ? (fields.firstFlags ?? defaults.flags) : defaults.flags)
      frames.push({
        bytes: mdat.subarray(offset, offset + size),
        shownAt: time + (row.composition ?? 0),
        isKey: (flags & NON_KEY) === 0,
      })
      offset += size
      time += duration
    }
  }
  return frames
}

function readDefaults(header: Buffer): { duration: number; size: number; flags: number } {
  const present = header.readUInt32BE(0)
  let at = 8 + (present & 0x1 ? 8 : 0) + (present & 0x2 ? 4 : 0)
  const next = (bit: number) => {
    if (!(present & bit)) return 0
    at += 4
    return header.readUInt32BE(at - 4)
  }
  return { duration: next(0x8), size: next(0x10), flags: next(0x20) }
}

type Row = { duration?: number; size?: number; flags?: number; composition?: number }

/** The table of a `trun`; what is not in a row is undefined there. */
function runFields(run: Buffer) {
  const present = run.readUInt32BE(0)
  const isSigned = run[0] === 1
  const count = run.readUInt32BE(4)
  let at = 8 + (present & 0x1 ? 4 : 0)
  const firstFlags = present & 0x4 ? run.readUInt32BE(at) : undefined
  at += present & 0x4 ? 4 : 0
  const bits = [0x100, 0x200, 0x400, 0x800].filter((bit) => present & bit)
  const row = (i: number): Row => {
    const place = (bit: number) => at + (i * bits.length + bits.indexOf(bit)) * 4
    const composition = isSigned ? 'readInt32BE' : 'readUInt32BE'
    return {
      ...(present & 0x100 && { duration: run.readUInt32BE(place(0x100)) }),
      ...(present & 0x200 && { size: run.readUInt32BE(place(0x200)) }),
      ...(present & 0x400 && { flags: run.readUInt32BE(place(0x400)) }),
      ...(present & 0x800 && { composition: run[composition](place(0x800)) }),
    }
  }
  return { count, firstFlags, row }
}
