import { createReadStream } from 'node:fs'

const HEADER_BYTES = 7

/**
 * The frames of an ADTS file (ISO/IEC 14496-3, annex 1.A), without their headers, one after the other. Only such as ffmpeg
 * writes: without checksums, one block a frame.
 */
export async function* readAdts(file: string): AsyncGenerator<Buffer> {
  let rest = Buffer.alloc(0)
  for await (const chunk of createReadStream(file)) {
    rest = Buffer.concat([rest, chunk as Buffer])
    let offset = 0
    while (offset + HEADER_BYTES <= rest.length) {
      if (rest[offset] !== 0xff || ((rest[offset + 1] ?? 0) & 0xf1) !== 0xf1)
        throw new Error('The sound is not framed as expected.')
      const sizeBytes = (rest.readUInt32BE(offset + 3) >> 13) & 0x1fff
      if (sizeBytes < HEADER_BYTES) throw new Error('A frame of sound has an impossible size.')
      if (offset + sizeBytes > rest.length) break
      yield rest.subarray(offset + HEADER_BYTES, offset + sizeBytes)
      offset += sizeBytes
    }
    rest = rest.subarray(offset)
  }
}
