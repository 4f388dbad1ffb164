import type { Rate } from '../model.ts'

/** What is filmed, drawn and recorded from screens; nobody sees more than 60, and slower ones gain nothing by staying slow. */
const RATES: readonly Rate[] = [
  { num: 10, den: 1 },
  { num: 12, den: 1 },
  { num: 15, den: 1 },
  { num: 20, den: 1 },
  { num: 24_000, den: 1001 },
  { num: 24, den: 1 },
  { num: 25, den: 1 },
  { num: 30_000, den: 1001 },
  { num: 30, den: 1 },
  { num: 48, den: 1 },
  { num: 50, den: 1 },
  { num: 60_000, den: 1001 },
  { num: 60, den: 1 },
]

/** Above that, small pictures take every second frame. */
export const PLAIN_FPS_MAX = 30

export const fpsOf = ({ num, den }: Rate): number => num / den

/** How long so many frames last. */
export const msOfFrames = (frames: number, rate: Rate): number => Math.round((frames / fpsOf(rate)) * 1000)

/** The constant rate nearest to a source's own, by their ratio. Rates above 60 that are a multiple of one are divided. */
export function chooseRate(fps: number): Rate {
  const wanted = fps > 60.5 ? fps / Math.ceil(fps / 60.5) : fps
  const distance = (rate: Rate) => Math.abs(Math.log(fpsOf(rate) / wanted))
  return RATES.reduce((best, rate) => (distance(rate) < distance(best) ? rate : best))
}
