/** [highest value of a bucket, how many values fell into it], ascending; what the swarm prints. */
export type Histogram = readonly (readonly [upTo: number, count: number])[]

/** One histogram of all that several have seen. */
export function mergeHistograms(parts: readonly Histogram[]): Histogram {
  const counts = new Map<number, number>()
  for (const [upTo, count] of parts.flat()) counts.set(upTo, (counts.get(upTo) ?? 0) + count)
  return [...counts].sort(([a], [b]) => a - b)
}

/** The value that `share` (0 to 1) of all values do not exceed, as exact as the buckets are; NaN where there are none. */
export function percentile(histogram: Histogram, share: number): number {
  const total = histogram.reduce((sum, [, count]) => sum + count, 0)
  if (total === 0) return Number.NaN
  let seen = 0
  for (const [upTo, count] of histogram) {
    seen += count
    if (seen >= share * total) return upTo
  }
  return histogram.at(-1)?.[0] ?? Number.NaN
}
