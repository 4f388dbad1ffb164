import { deflateSync } from 'node:zlib'
import sharp from 'sharp'
import type { Person } from './person.ts'

type Colour = { r: number; g: number; b: number }

/** A picture of one colour, in a format that cameras and programs make. */
export function pictureOf(
  format: 'jpeg' | 'png' | 'webp' | 'gif' | 'avif',
  { width = 400, height = 300, colour = { r: 200, g: 40, b: 40 } as Colour } = {},
): Promise<Buffer> {
  return sharp({ create: { width, height, channels: 3, background: colour } })
    .toFormat(format)
    .toBuffer()
}

/** A photo as a telephone makes it: lying on its side, with its place and its maker. */
export function photoWithPlace(): Promise<Buffer> {
  return sharp({ create: { width: 600, height: 300, channels: 3, background: { r: 250, g: 250, b: 250 } } })
    .composite([
      // The left third, which is the top once the photo is turned.
      {
        input: { create: { width: 200, height: 300, channels: 3, background: { r: 10, g: 10, b: 200 } } },
        left: 0,
        top: 0,
      },
    ])
    .withExif({
      IFD0: { Make: 'SecretMaker', Orientation: '6' },
      IFD3: {
        GPSLatitudeRef: 'N',
        GPSLatitude: '52/1 31/1 12/1',
        GPSLongitudeRef: 'E',
        GPSLongitude: '13/1 24/1 36/1',
      },
    })
    .withMetadata({ orientation: 6 })
    .jpeg()
    .toBuffer()
}

/** Two frames, the first red, the second blue. */
export async function animation(): Promise<Buffer> {
  const frames = [
    { r: 230, g: 0, b: 0 },
    { r: 0, g: 0, b: 230 },
  ].map((background) =>
    sharp({ create: { width: 80, height: 80, channels: 3, background } })
      .png()
      .toBuffer(),
  )
  return sharp(await Promise.all(frames), { join: { animated: true } })
    .gif()
    .toBuffer()
}

/** A well-formed PNG of a few KB that claims to have 900 million pixels, and has them. */
export function pngBomb(side = 30_000): Buffer {
  const header = Buffer.alloc(13)
  header.writeUInt32BE(side, 0)
  header.writeUInt32BE(side, 4)
  // One bit a pixel, grey.
  header.set([1, 0, 0, 0, 0], 8)
  const pixels = deflateSync(Buffer.alloc((side / 8 + 1) * side), { level: 9 })
  return Buffer.concat([
    Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'),
    chunk('IHDR', header),
    chunk('IDAT', pixels),
    chunk('IEND', Buffer.alloc(0)),
  ])
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data])
  const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)]
  length.writeUInt32BE(data.length)
  sum.writeUInt32BE(crc32(body))
  return Buffer.concat([length, body, sum])
}

/** Of PNG (ISO 3309); Node 20.19 has none yet. */
function crc32(bytes: Buffer): number {
  let crc = 0xffffffff
  for (const byte of bytes) {
    crc ^= byte
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0)
  }
  return (crc ^ 0xffffffff) >>> 0
}

export const png = (colour = { r: 10, g: 120, b: 60 }) => pictureOf('png', { colour })

/** Uploads a picture as somebody's own, and answers their profile. */
export async function setAvatar(who: Person, bytes: Uint8Array | Promise<Buffer>, contentType = 'image/png') {
  const upload = { bytes: new Uint8Array(await bytes), contentType }
  return (await who.api.request('put /api/profile/avatar', { upload })).profile
}

/** An account as `from` sees it. */
export const profileSeenBy = async (from: Person, handle: string) =>
  (await from.api.request('get /api/accounts/{handle}', { params: { handle } })).profile
