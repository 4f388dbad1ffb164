import { createHash, timingSafeEqual } from 'node:crypto'
import { AppError } from '../../core/errors.ts'

/** What clients may check a piece by (tus 1.0, extension checksum, which asks for sha1). */
export const CHECKSUM_ALGORITHMS = ['sha1', 'sha256', 'md5'] as const
/** A piece that is checked waits in memory until all of it is there; one is never longer. */
export const CHECKED_MAX_BYTES = 8 * 1024 * 1024

/** What a piece is to have. Errors: `invalid_input`. */
function expectedOf(header: string): { algorithm: string; digest: Buffer } {
  const [algorithm = '', encoded = ''] = header.trim().split(/\s+/)
  if (!CHECKSUM_ALGORITHMS.some((known) => known === algorithm))
    throw new AppError('invalid_input', 'This checksum is of a kind that is not known here.', {
      algorithms: CHECKSUM_ALGORITHMS,
    })
  return { algorithm, digest: Buffer.from(encoded, 'base64') }
}

/**
 * The same request with its body read and compared with `Upload-Checksum`; undefined where they differ, and nothing of the
 * piece is kept then. A request without that header comes back as it is. Errors: `invalid_input`, `too_large`.
 */
export async function checked(request: Request): Promise<Request | undefined> {
  const header = request.headers.get('upload-checksum')
  if (header === null || !request.body) return request
  const { algorithm, digest } = expectedOf(header)
  const parts: Uint8Array[] = []
  let sizeBytes = 0
  for await (const part of request.body) {
    sizeBytes += part.length
    if (sizeBytes > CHECKED_MAX_BYTES)
      throw new AppError('too_large', 'A piece with a checksum must be smaller.', {
        reason: 'piece',
        maxBytes: CHECKED_MAX_BYTES,
      })
    parts.push(part)
  }
  const body = Buffer.concat(parts, sizeBytes)
  const found = createHash(algorithm).update(body).digest()
  const isSame = found.length === digest.length && timingSafeEqual(found, digest)
  if (!isSame) return undefined
  return new Request(request.url, { method: request.method, headers: request.headers, body })
}
