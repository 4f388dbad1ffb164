import { join } from 'node:path'
import type { Rung } from '../model.ts'

/** What ffmpeg writes into the folder of a call before it is cut into segments. */
export const codedFile = ({ name }: Rung) => `${name}.mp4`
export const codedPath = (dir: string, rung: Rung) => join(dir, codedFile(rung))

/** Of one frame a whole number, of a second about as many as of sound. */
export const timescaleOf = ({ rate }: Rung) => (rate.num < 1000 ? rate.num * 1000 : rate.num)
export const frameTicks = (rung: Rung) => (timescaleOf(rung) * rung.rate.den) / rung.rate.num
