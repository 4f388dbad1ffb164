import { open } from 'node:fs/promises'
import type { Container } from '../model.ts'

/** Three packets of MPEG-TS with the longest form, and every other beginning. */
const BEGINNING_BYTES = 1024

const TS_SYNC = 0x47
/** Packet sizes of MPEG-TS, of Blu-ray's with a time before each, and of DVB's with a checksum; and where the first sync byte is. */
const TS_FORMS = [
  { size: 188, offset: 0 },
  { size: 192, offset: 4 },
  { size: 204, offset: 0 },
]

const at = (text: string, offset: number) => (bytes: Buffer) =>
  bytes.subarray(offset, offset + text.length).equals(Buffer.from(text, 'latin1'))
const isTransportStream = (bytes: Buffer) =>
  TS_FORMS.some(({ size, offset }) => [0, 1, 2].every((n) => bytes[offset + n * size] === TS_SYNC))

/** By the bytes that the formats' specifications begin a file with. What a file is called means nothing. */
const CONTAINERS: readonly [Container, (bytes: Buffer) => boolean][] = [
  ['mov', (bytes) => /^(?:ftyp|moov|mdat|wide|free|skip|pnot)$/.test(bytes.toString('latin1', 4, 8))],
  ['matroska', at('\x1a\x45\xdf\xa3', 0)],
  ['avi', (bytes) => at('RIFF', 0)(bytes) && at('AVI ', 8)(bytes)],
  ['flv', at('FLV\x01', 0)],
  ['asf', at('\x30\x26\xb2\x75\x8e\x66\xcf\x11', 0)],
  ['ogg', at('OggS', 0)],
  ['mpeg', at('\x00\x00\x01\xba', 0)],
  ['mpegts', isTransportStream],
]
/** Common formats that hold sound alone. */
const SOUNDS: readonly ((bytes: Buffer) => boolean)[] = [
  at('ID3', 0),
  at('fLaC', 0),
  (bytes) => at('RIFF', 0)(bytes) && at('WAVE', 8)(bytes),
  // ADTS and MPEG audio: eleven set bits.
  (bytes) => bytes[0] === 0xff && ((bytes[1] ?? 0) & 0xe0) === 0xe0 && bytes[1] !== 0xff,
]

/** What a file is by its first bytes: a container that may hold a video, `sound`, or undefined for everything else. */
export async function sniff(file: string): Promise<Container | 'sound' | undefined> {
  const handle = await open(file, 'r')
  try {
    const { bytesRead, buffer } = await handle.read(Buffer.alloc(BEGINNING_BYTES), 0, BEGINNING_BYTES, 0)
    const bytes = buffer.subarray(0, bytesRead)
    const found = CONTAINERS.find(([, isIt]) => isIt(bytes))
    return found?.[0] ?? (SOUNDS.some((isIt) => isIt(bytes)) ? 'sound' : undefined)
  } finally {
    await handle.close()
  }
}
