/** What several rounds gave. */
export type Spread = { median: number; lowest: number; highest: number }

export function spreadOf(values: readonly number[]): Spread {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = sorted.length / 2
  const median =
    ((sorted[Math.ceil(middle) - 1] ?? Number.NaN) + (sorted[Math.floor(middle)] ?? Number.NaN)) / 2
  return { median, lowest: sorted[0] ?? Number.NaN, highest: sorted.at(-1) ?? Number.NaN }
}

/** `1.9 (1.8–2.1)` */
export const spreadText = ({ median, lowest, highest }: Spread): string =>
  `${short(median)} (${short(lowest)}–${short(highest)})`

const short = (value: number) => value.toLocaleString('en', { maximumSignificantDigits: 3 })

/**
 * Measures all subjects in turn, round after round, so that whatever the machine does meanwhile meets all of them. Every
 * second round goes backwards: none is always the one that follows the same other.
 */
export async function alternate<S, T>(
  subjects: readonly S[],
  rounds: number,
  measure: (subject: S) => Promise<T>,
): Promise<Map<S, T[]>> {
  const results = new Map<S, T[]>(subjects.map((subject) => [subject, []]))
  for (let round = 0; round < rounds; round++) {
    const order = round % 2 === 0 ? subjects : subjects.toReversed()
    for (const subject of order) results.get(subject)?.push(await measure(subject))
  }
  return results
}
