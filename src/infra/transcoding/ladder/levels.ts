/**
 * H.264 Table A-1 (ITU-T H.264, 2021): level × 10, macroblocks per second, macroblocks per frame, and bits per second of
 * the high profile.
 */
const LEVELS: readonly [level: number, perSecond: number, perFrame: number, bps: number][] = [
  [13, 11_880, 396, 960_000],
  [21, 19_800, 792, 5_000_000],
  [22, 20_250, 1620, 5_000_000],
  [30, 40_500, 1620, 12_500_000],
  [31, 108_000, 3600, 17_500_000],
  [32, 216_000, 5120, 25_000_000],
  [40, 245_760, 8192, 25_000_000],
  [42, 522_240, 8704, 62_500_000],
  [50, 589_824, 22_080, 168_750_000],
  [51, 983_040, 36_864, 300_000_000],
  [52, 2_073_600, 36_864, 300_000_000],
]
const LARGEST_LEVEL = 52
const BLOCK_PX = 16

/** The lowest level that allows a picture at a rate; a decoder reads from it what it has to expect. */
export function levelOf(picture: { width: number; height: number; fps: number; maxrateBps: number }): number {
  const wide = Math.ceil(picture.width / BLOCK_PX)
  const high = Math.ceil(picture.height / BLOCK_PX)
  const blocks = wide * high
  const fits = LEVELS.find(
    ([, perSecond, perFrame, bps]) =>
      blocks <= perFrame &&
      // No side may be longer than the root of eight times the blocks of a frame.
      Math.max(wide, high) ** 2 <= 8 * perFrame &&
      blocks * picture.fps <= perSecond &&
      picture.maxrateBps <= bps,
  )
  return fits?.[0] ?? LARGEST_LEVEL
}
