import { z } from 'zod'

/** A picture that belongs to an account or a thing; its files never change, as another picture has another id. */
export const Picture = z
  .object({
    id: z
      .uuid()
      .describe(
        'Names its files: `/files/avatars/{id}-{64|128|256}.webp`, `/files/covers/{id}-{640|1280|1920}.webp`; the largest also as `.jpg`.',
      ),
    thumbhash: z.string().describe('ThumbHash in base64: what to show until the picture is there.'),
  })
  .meta({ id: 'Picture' })

/** What may be uploaded as a picture; what is in the file decides, not what it calls itself. */
export const PICTURE_TYPES = ['image/jpeg', 'image/png', 'image/webp', 'image/gif', 'image/avif']
