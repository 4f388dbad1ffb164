import { LOCALE } from '../text/messages.ts'

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
