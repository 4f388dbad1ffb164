import { z } from 'zod'

/** Numbers come as text, and as `N/A` or nothing where they are not known. */
const number = z
  .union([z.string(), z.number()])
  .optional()
  .transform((value) => {
    const read = Number(value)
    return value === undefined || !Number.isFinite(read) ? undefined : read
  })

/** `30000/1001`; undefined for `0/0`. */
const fraction = z
  .string()
  .optional()
  .transform((value) => {
    const [num, den] = (value ?? '').split(/[/:]/).map(Number)
    return num && den ? num / den : undefined
  })

const Tags = z.record(z.string(), z.string()).default({})

const Stream = z.object({
  index: z.number(),
  codec_type: z.string().optional(),
  codec_name: z.string().optional(),
  codec_tag_string: z.string().optional(),
  width: number,
  height: number,
  pix_fmt: z.string().optional(),
  sample_aspect_ratio: fraction,
  color_transfer: z.string().optional(),
  color_space: z.string().optional(),
  color_range: z.string().optional(),
  r_frame_rate: fraction,
  channels: number,
  duration: number,
  start_time: number,
  disposition: z.record(z.string(), z.number()).default({}),
  tags: Tags,
  side_data_list: z.array(z.object({ rotation: number })).default([]),
})

/** What of `ffprobe -print_format json -show_format -show_streams` is used. */
export const Report = z.object({
  streams: z.array(Stream).default([]),
  format: z.object({ start_time: number, duration: number, size: number }),
})

export type Report = z.output<typeof Report>
export type StreamReport = z.output<typeof Stream>
