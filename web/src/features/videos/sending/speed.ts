type Sample = { atMs: number; bytes: number }

/** Long enough to be calm, short enough to notice another network. */
const WINDOW_MS = 5000

/** How fast something is sent, over the last seconds; undefined until there is something to go by. */
export function createSpeed() {
  let samples: Sample[] = []
  return {
    /** So many bytes were there at that time. What goes back, as after a resumption, begins anew. */
    add(sample: Sample): void {
      const last = samples.at(-1)
      if (last && sample.bytes < last.bytes) samples = []
      samples = [...samples.filter(({ atMs }) => sample.atMs - atMs <= WINDOW_MS), sample]
    },
    bytesPerSecond(): number | undefined {
      const first = samples[0]
      const last = samples.at(-1)
      if (!first || !last || last.atMs <= first.atMs) return undefined
      return ((last.bytes - first.bytes) * 1000) / (last.atMs - first.atMs)
    },
    clear(): void {
      samples = []
    },
  }
}
