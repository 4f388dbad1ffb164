/** One line of a topic by its place in the order of the whole. */
export type Line = { order: number; text: string }
/** What one client was told, in the order of telling: lines, and that something before the next one may be missing. */
export type Told = Line | 'gap'

/** How what was told compares with what was acknowledged. Everything but `expected` and `delivered` is 0 where the promise held. */
export type Verdict = {
  /** Acknowledged lines that this client was there for. */
  expected: number
  delivered: number
  /** Not delivered, and told to be missing: allowed for `live` topics, never for `durable` ones. */
  toldMissing: number
  /** Not delivered, and nothing said so. */
  silentGaps: number
  doubled: number
  disordered: number
  /** Under an acknowledged place stood something else. */
  altered: number
}

/**
 * Compares a client's log line by line with what was acknowledged. `from` is the place of the first line that the client
 * was there for. Lines that were never acknowledged may have been committed all the same: they count for order alone.
 */
export function judge(told: readonly Told[], acknowledged: readonly Line[], from = 1): Verdict {
  const seen = new Map<number, string>()
  const missingTold: { after: number; before: number }[] = []
  let highest = from - 1
  let [doubled, disordered] = [0, 0]
  let isGapOpen = false
  for (const each of told) {
    if (each === 'gap') {
      isGapOpen = true
      continue
    }
    const { order, text } = each
    if (seen.has(order)) doubled++
    else if (order < highest) disordered++
    if (isGapOpen) missingTold.push({ after: highest, before: order })
    isGapOpen = false
    highest = Math.max(highest, order)
    seen.set(order, text)
  }
  if (isGapOpen) missingTold.push({ after: highest, before: Number.POSITIVE_INFINITY })
  const expected = acknowledged.filter(({ order }) => order >= from)
  const missing = expected.filter(({ order }) => !seen.has(order))
  const isTold = ({ order }: Line) => missingTold.some(({ after, before }) => order > after && order < before)
  const toldMissing = missing.filter(isTold).length
  return {
    expected: expected.length,
    delivered: expected.length - missing.length,
    toldMissing,
    silentGaps: missing.length - toldMissing,
    ...{ doubled, disordered },
    altered: expected.filter(({ order, text }) => seen.has(order) && seen.get(order) !== text).length,
  }
}

/** What the verdict of a client is to whom all was delivered. */
export const whole = (expected: number): Verdict => ({
  ...{ expected, delivered: expected },
  ...{ toldMissing: 0, silentGaps: 0, doubled: 0, disordered: 0, altered: 0 },
})

export function sumVerdicts(verdicts: readonly Verdict[]): Verdict {
  const sum = { ...whole(0) }
  for (const verdict of verdicts)
    for (const key of Object.keys(sum) as (keyof Verdict)[]) sum[key] += verdict[key]
  return sum
}

/** Keeps what a subscription is told; `toLine` answers undefined for items that are no lines. */
export function recorder<Item>(toLine: (item: Item) => Line | undefined) {
  const told: Told[] = []
  const take = (items: readonly Item[]) => {
    for (const item of items) {
      const line = toLine(item)
      if (line) told.push(line)
    }
  }
  return {
    told,
    last: (): number => {
      const line = told.findLast((each) => each !== 'gap')
      return line?.order ?? 0
    },
    listener: {
      onItems: take,
      onStart(items: readonly Item[], _at: unknown, isGap: boolean) {
        if (isGap) told.push('gap')
        take(items)
      },
      onSkipped: () => void told.push('gap'),
    },
  }
}
export type Recorder<Item> = ReturnType<typeof recorder<Item>>
