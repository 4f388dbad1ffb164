/** A run of items that are sent together; `skipped` counts those right before them that are left out. */
export type SampledRun = { skipped: number; items: readonly unknown[] }

/**
 * Leaves out the oldest items that are not important until at most `keep` are left; the important ones stay in any case,
 * and so does the newest. What stays is contiguous at the end, so that a piece of the conversation is seen and not
 * every tenth line of it.
 */
export function sample(
  items: readonly unknown[],
  keep: number,
  isImportant: (item: unknown) => boolean,
): SampledRun[] {
  if (items.length <= keep) return [{ skipped: 0, items }]
  const stays = items.map((item) => isImportant(item))
  stays[items.length - 1] = true
  let left = keep - stays.filter(Boolean).length
  for (let i = items.length - 1; i >= 0 && left > 0; i--) {
    if (stays[i]) continue
    stays[i] = true
    left--
  }
  return runsOf(items, stays)
}

function runsOf(items: readonly unknown[], stays: readonly boolean[]): SampledRun[] {
  const runs: { skipped: number; items: unknown[] }[] = []
  let skipped = 0
  items.forEach((item, i) => {
    if (!stays[i]) skipped++
    else if (skipped > 0 || runs.length === 0) {
      runs.push({ skipped, items: [item] })
      skipped = 0
    } else runs.at(-1)?.items.push(item)
  })
  return runs
}
