import type { RouteSpec } from '../contract/define.ts'
import { AppError } from '../core/errors.ts'
import type { HttpContext } from './visitor.ts'

/**
 * The body of an upload, read no further than it may be long: what says that it is too long is refused before its first
 * byte, what turns out to be so at the byte where it does. Errors: `invalid_input` (its type), `too_large`.
 */
export async function readUpload(
  c: HttpContext,
  { maxBytes, contentTypes }: NonNullable<RouteSpec['upload']>,
): Promise<Uint8Array> {
  const type = c.req.header('content-type')?.split(';')[0]?.trim().toLowerCase() ?? ''
  if (!contentTypes.includes(type))
    throw new AppError('invalid_input', `Send the file itself, as one of: ${contentTypes.join(', ')}.`, {
      contentTypes,
    })
  const tooLarge = () => new AppError('too_large', undefined, { maxBytes })
  if (Number(c.req.header('content-length') ?? 0) > maxBytes) throw tooLarge()
  const parts: Uint8Array[] = []
  let sizeBytes = 0
  for await (const part of c.req.raw.body ?? []) {
    sizeBytes += part.length
    if (sizeBytes > maxBytes) throw tooLarge()
    parts.push(part)
  }
  return Buffer.concat(parts, sizeBytes)
}
