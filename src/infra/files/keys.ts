import { AppError } from '../../core/errors.ts'

/** Lower case alone, as some disks take both cases for one; no dot in folders, so that no key is the folder of another. */
const SEGMENT = '[a-z0-9_-]{1,100}'
const KEY = new RegExp(`^(?:${SEGMENT}/){1,8}${SEGMENT}(?:\\.[a-z0-9_-]{1,20}){1,2}$`)
const PREFIX = new RegExp(`^(?:${SEGMENT}/){0,8}$`)
/** S3 takes 1024 bytes, and disks 4096 for a whole path, of which the folder of files is a part. */
const KEY_MAX_CHARS = 700

/** By extension, as a web server that reads the same folder would do it. */
const CONTENT_TYPES: Readonly<Record<string, string>> = {
  avif: 'image/avif',
  jpg: 'image/jpeg',
  json: 'application/json',
  m3u8: 'application/vnd.apple.mpegurl',
  m4s: 'video/iso.segment',
  mp4: 'video/mp4',
  mpd: 'application/dash+xml',
  png: 'image/png',
  vtt: 'text/vtt',
  webm: 'video/webm',
  webp: 'image/webp',
}

export const contentTypeOf = (key: string): string =>
  CONTENT_TYPES[key.slice(key.lastIndexOf('.') + 1)] ?? 'application/octet-stream'

/** Throws `invalid_input` where a key has another form than the port says: nothing outside of the storage has a name. */
export function checkKey(key: string): void {
  if (key.length > KEY_MAX_CHARS || !KEY.test(key)) throw refused(key)
}

export function checkPrefix(prefix: string): void {
  if (prefix.length > KEY_MAX_CHARS || !PREFIX.test(prefix)) throw refused(prefix)
}

const refused = (key: string) =>
  new AppError('invalid_input', 'This is no name of a file.', { key: key.slice(0, 100) })

/** The bytes of an object of `sizeBytes` that a range means; undefined for an empty object. Errors: `invalid_input`. */
export function resolveRange(
  sizeBytes: number,
  range: { start: number; end?: number } | undefined,
): { start: number; end: number } | undefined {
  const { start = 0, end = sizeBytes - 1 } = range ?? {}
  if (range === undefined && sizeBytes === 0) return undefined
  if (start < 0 || start >= sizeBytes || end < start)
    throw new AppError('invalid_input', 'The file has no such part.', { sizeBytes })
  return { start, end: Math.min(end, sizeBytes - 1) }
}

/** How many keys one page of a list has at most; S3 gives no more. */
export const LIST_MAX = 1000
