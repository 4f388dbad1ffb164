import { LOCALE } from '../text/messages.ts'

const short = new Intl.NumberFormat(LOCALE, { notation: 'compact', maximumFractionDigits: 1 })

/** `12.4K`; put the exact number into the label. */
export const formatCount = (count: number): string => short.format(count)

/** `850 kbit/s`, `2.4 Mbit/s`. */
export function formatBitrate(bitrateBps: number): string {
  return bitrateBps >= 1_000_000
    ? `${(bitrateBps / 1_000_000).toFixed(1)} Mbit/s`
    : `${Math.round(bitrateBps / 1000)} kbit/s`
}

/** `0.4 %` of a share between 0 and 1. */
export const formatShare = (share: number): string => `${(share * 100).toFixed(share < 0.1 ? 1 : 0)} %`

const UNITS = ['byte', 'kilobyte', 'megabyte', 'gigabyte', 'terabyte'] as const
/** As the units are defined, and as shops sell disks. */
const STEP = 1000

/** `2.4 MB`. */
export function formatSize(sizeBytes: number): string {
  let size = sizeBytes
  let unit = 0
  for (; size >= STEP && unit < UNITS.length - 1; unit++) size /= STEP
  const style = { style: 'unit', unit: UNITS[unit] ?? 'byte', maximumFractionDigits: 1 } as const
  return new Intl.NumberFormat(LOCALE, style).format(size)
}
