/** Boxes of the ISO base media file format (ISO/IEC 14496-12), as far as fragments of one track need them. */

export const box = (type: string, ...parts: readonly Uint8Array[]): Buffer => {
  const sizeBytes = parts.reduce((sum, part) => sum + part.length, 8)
  return Buffer.concat([u32(sizeBytes), Buffer.from(type, 'latin1'), ...parts])
}

export const fullBox = (
  type: string,
  version: number,
  flags: number,
  ...parts: readonly Uint8Array[]
): Buffer => box(type, u32(version * 2 ** 24 + flags), ...parts)

export const u16 = (...values: readonly number[]): Buffer => {
  const bytes = Buffer.alloc(values.length * 2)
  values.forEach((value, i) => void bytes.writeUInt16BE(value, i * 2))
  return bytes
}
export const u32 = (...values: readonly number[]): Buffer => {
  const bytes = Buffer.alloc(values.length * 4)
  values.forEach((value, i) => void bytes.writeUInt32BE(value, i * 4))
  return bytes
}
export const u64 = (value: number): Buffer => {
  const bytes = Buffer.alloc(8)
  bytes.writeBigUInt64BE(BigInt(value))
  return bytes
}

export type Box = { type: string; body: Buffer; offset: number }

/** The boxes that lie in `bytes` one after the other; `offset` is where a box begins. Throws where one ends outside. */
export function readBoxes(bytes: Buffer): Box[] {
  const boxes: Box[] = []
  for (let offset = 0; offset < bytes.length; ) {
    if (offset + 8 > bytes.length) throw new Error('A box has no header.')
    let header = 8
    let sizeBytes = bytes.readUInt32BE(offset)
    if (sizeBytes === 1) {
      header = 16
      sizeBytes = Number(bytes.readBigUInt64BE(offset + 8))
    }
    if (sizeBytes < header || offset + sizeBytes > bytes.length)
      throw new Error('A box ends outside of its file.')
    const type = bytes.toString('latin1', offset + 4, offset + 8)
    boxes.push({ type, offset, body: bytes.subarray(offset + header, offset + sizeBytes) })
    offset += sizeBytes
  }
  return boxes
}

/** The first box under a path such as `trak/mdia`; throws where there is none. */
export function findBox(bytes: Buffer, path: string): Buffer {
  return path.split('/').reduce((within, type) => {
    const found = readBoxes(within).find((inner) => inner.type === type)
    if (!found) throw new Error(`There is no box ${type}.`)
    return found.body
  }, bytes)
}
