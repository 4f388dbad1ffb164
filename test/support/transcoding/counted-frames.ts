import { playOut } from './workshop.ts'

/**
 * Pictures that carry their own number: twelve fields, white for one and black for zero, so coarse that scaling and
 * coding leave them readable.
 */
export const COUNTED = { width: 320, height: 180 }
const BITS = 12
const COLUMNS = 4
const FIELD = { width: COUNTED.width / COLUMNS, height: COUNTED.height / (BITS / COLUMNS) }
const FRAME_BYTES = COUNTED.width * COUNTED.height

/** Raw grey frames with the numbers 0 to `count` − 1. */
export function countedFrames(count: number): Buffer {
  const frames = Buffer.alloc(count * FRAME_BYTES)
  for (let number = 0; number < count; number++) {
    for (let bit = 0; bit < BITS; bit++) {
      if (!(number & (1 << bit))) continue
      const { x, y } = placeOf(bit)
      for (let row = 0; row < FIELD.height; row++) {
        const start = number * FRAME_BYTES + (y + row) * COUNTED.width + x
        frames.fill(255, start, start + FIELD.width)
      }
    }
  }
  return frames
}

const placeOf = (bit: number) => ({
  x: (bit % COLUMNS) * FIELD.width,
  y: Math.floor(bit / COLUMNS) * FIELD.height,
})

/** Arguments of ffmpeg that read a file of such frames. */
export const countedInput = (file: string, rate: string) => [
  ...[
    '-f',
    'rawvideo',
    '-pix_fmt',
    'gray',
    '-s',
    `${COUNTED.width}x${COUNTED.height}`,
    '-r',
    rate,
    '-i',
    file,
  ],
]

/** Numbers of the frames that a player shows one after the other; `before` are arguments in front of the input. */
export async function readNumbers(url: string, before: readonly string[] = []): Promise<number[]> {
  const scale = `scale=${COUNTED.width}:${COUNTED.height}`
  const output = ['-vf', scale, '-fps_mode', 'passthrough', '-pix_fmt', 'gray', '-f', 'rawvideo', '-']
  const bytes = await playOut([...before, '-i', url, '-map', '0:v:0', ...output])
  return Array.from({ length: bytes.length / FRAME_BYTES }, (_, frame) => {
    let number = 0
    for (let bit = 0; bit < BITS; bit++) {
      const { x, y } = placeOf(bit)
      const middle = frame * FRAME_BYTES + (y + FIELD.height / 2) * COUNTED.width + x + FIELD.width / 2
      if ((bytes[middle] ?? 0) > 127) number |= 1 << bit
    }
    return number
  })
}

export const upTo = (count: number, step = 1) =>
  Array.from({ length: Math.ceil(count / step) }, (_, i) => i * step)
