/** Files that no program writes: made of honest ones, byte by byte. */

/** Boxes that only hold boxes, on the way to where a track says which file its data are in. */
const PARENTS = new Set(['moov', 'trak', 'mdia', 'minf', 'dinf'])

/**
 * An MP4 whose tracks claim that their data lie in another file, by an absolute path. The data and the indexes must stand
 * before `moov`, whose size changes.
 */
export function withForeignData(mp4: Buffer, path: string): Buffer {
  const boxes: Buffer[] = []
  for (let offset = 0; offset < mp4.length; ) {
    const sizeBytes = mp4.readUInt32BE(offset)
    const type = mp4.toString('latin1', offset + 4, offset + 8)
    const body = mp4.subarray(offset + 8, offset + sizeBytes)
    if (PARENTS.has(type)) boxes.push(boxOf(type, withForeignData(body, path)))
    else if (type === 'dref') boxes.push(foreignReference(path))
    else boxes.push(mp4.subarray(offset, offset + sizeBytes))
    offset += sizeBytes
  }
  return Buffer.concat(boxes)
}

function boxOf(type: string, body: Buffer): Buffer {
  const header = Buffer.alloc(8)
  header.writeUInt32BE(body.length + 8)
  header.write(type, 4, 'latin1')
  return Buffer.concat([header, body])
}

/** One entry without the flag that says "in this file". */
const foreignReference = (path: string) =>
  boxOf(
    'dref',
    Buffer.concat([
      Buffer.from([0, 0, 0, 0, 0, 0, 0, 1]),
      boxOf('url ', Buffer.from(`\0\0\0\0file://${path}\0`)),
    ]),
  )

/** All places of a text replaced by one of the same length. */
export function replaced(bytes: Buffer, from: string, to: string): Buffer {
  if (from.length !== to.length) throw new Error('The lengths differ.')
  const text = bytes.toString('latin1')
  if (!text.includes(from)) throw new Error(`There is no ${from}.`)
  return Buffer.from(text.replaceAll(from, to), 'latin1')
}

/** A JPEG within a file claims to have 65 500 × 65 500 pixels (the frame header, ITU-T T.81 B.2.2). */
export function withHugeJpeg(file: Buffer): Buffer {
  const at = file.indexOf(Buffer.from([0xff, 0xc0, 0x00, 0x11]))
  if (at < 0) throw new Error('There is no frame header.')
  const huge = Buffer.from(file)
  huge.writeUInt16BE(65_500, at + 5)
  huge.writeUInt16BE(65_500, at + 7)
  return huge
}

/** An MP4 of whose pictures only zeros are left. */
export function withoutData(mp4: Buffer): Buffer {
  const at = mp4.indexOf('mdat')
  const blank = Buffer.from(mp4)
  blank.fill(0, at + 4, at - 4 + mp4.readUInt32BE(at - 4))
  return blank
}

/** The beginning of a zip archive in which a hundred gigabytes of zeros are packed. */
export const zipOfZeros = Buffer.concat([
  Buffer.from('PK\x03\x04\x14\0\0\0\x08\0', 'latin1'),
  Buffer.alloc(100_000),
])
