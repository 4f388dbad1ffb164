import { availableParallelism } from 'node:os'
import { z } from 'zod'

const GB = 1024 ** 3
const bytes = (fallback: number) =>
  z.coerce.number().int().positive().max(Number.MAX_SAFE_INTEGER).default(fallback)

/** The part of the settings about videos that are uploaded, and what becomes of them. */
export const videoSettings = {
  UPLOAD_MAX_BYTES: bytes(64 * GB).describe('Largest file that may be uploaded as a video, in bytes.'),
  UPLOAD_QUOTA_BYTES: bytes(500 * GB).describe(
    'How much an account may store in videos as they were uploaded, in bytes.',
  ),
  UPLOADS_AT_ONCE: z.coerce
    .number()
    .int()
    .min(1)
    .max(100)
    .default(5)
    .describe('How many videos an account may upload at the same time.'),
  COUNTRY_HEADER: z
    .string()
    .optional()
    .describe(
      'Header in which your proxy or CDN names the country of a visitor (CloudFront-Viewer-Country, CF-IPCountry); it must set or remove it on every request. Without it no country is known.',
    ),
  FFMPEG_PATH: z
    .string()
    .optional()
    .describe('ffmpeg for preparing videos, built with libx264; the one on PATH where nothing is set.'),
  FFPROBE_PATH: z
    .string()
    .optional()
    .describe('ffprobe of the same version; beside FFMPEG_PATH or on PATH where nothing is set.'),
  TRANSCODES_AT_ONCE: z.coerce
    .number()
    .int()
    .min(0)
    .max(64)
    .default(Math.max(1, Math.floor(availableParallelism() / 2)))
    .describe(
      'Pieces of videos that a process with the jobs role encodes at the same time; each uses two cores or more. With 0 it leaves videos to other processes.',
    ),
  TRANSCODE_MEMORY_MB: z.coerce
    .number()
    .int()
    .min(1024)
    .max(262_144)
    .default(6144)
    .describe('Address space that one ffmpeg may take; 6144 is enough for 2160p, 8K needs more.'),
  VIDEO_MAX_HOURS: z.coerce.number().min(0.01).max(48).default(12).describe('How long a video may be.'),
}
