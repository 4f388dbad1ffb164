import { z } from 'zod'
import { VideoTitle } from '../../contract/videos.ts'
import { AppError } from '../../core/errors.ts'
import { cleanLine } from '../../core/text.ts'
import type { Announced } from '../../features/videos/uploads.service.ts'
import { refuseInvalid } from '../route.ts'

/** As much of a name as anybody wants to read; disks take no more either. */
const FILE_NAME_MAX = 255

/** What `Upload-Metadata` may say of a file. */
const Metadata = z.object({
  filename: z.string().overwrite(cleanLine).min(1).max(FILE_NAME_MAX),
  title: z.string().nullish(),
  videoId: z.uuid().nullish(),
  sha256: z
    .string()
    .toLowerCase()
    .regex(/^[0-9a-f]{64}$/)
    .nullish(),
})

/** What the headers of a tus creation say of a file. Errors: `invalid_input`. */
export function announcedIn(
  headers: Headers,
  metadata: Readonly<Record<string, string | null>> | undefined,
): Announced {
  const parsed = Metadata.safeParse(metadata ?? {})
  refuseInvalid(parsed)
  const sizeBytes = Number(headers.get('upload-length') ?? Number.NaN)
  if (!parsed.data || !Number.isSafeInteger(sizeBytes) || sizeBytes <= 0)
    throw new AppError('invalid_input', 'Say how long the file is; an empty one is no video.')
  const { filename: fileName, title, videoId, sha256 } = parsed.data
  return {
    ...{ sizeBytes, fileName, title: titleFrom(title ?? fileName.replace(/\.[^.]{1,8}$/, ''), fileName) },
    ...(videoId && { videoId }),
    ...(sha256 && { sha256 }),
  }
}

/** A title as far as it fits; until its owner gives another, the name of the file. */
const titleFrom = (wished: string, fileName: string): string =>
  [wished, fileName]
    .map((text) => VideoTitle.safeParse(text.slice(0, 120)).data)
    .find((title) => title !== undefined) ?? 'Video'
