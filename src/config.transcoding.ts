import { z } from 'zod'

/** The part of the settings about what becomes of uploaded videos. */
export const transcodingSettings = {
  FFMPEG_PATH: z
    .string()
    .optional()
    .describe('ffmpeg for preparing videos, built with libx264; the one on PATH where nothing is set.'),
  FFPROBE_PATH: z
    .string()
    .optional()
    .describe('ffprobe of the same version; beside FFMPEG_PATH or on PATH where nothing is set.'),
  TRANSCODE_MEMORY_MB: z.coerce
    .number()
    .int()
    .min(1024)
    .max(262_144)
    .default(6144)
    .describe('Address space that one ffmpeg may take; 6144 is enough for 2160p, 8K needs more.'),
  VIDEO_MAX_HOURS: z.coerce.number().min(0.01).max(48).default(12).describe('How long a video may be.'),
}
