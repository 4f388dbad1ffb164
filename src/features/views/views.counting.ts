import type { Logger } from '../../core/log.ts'
import { sleep } from '../../core/time.ts'
import type { Counters, ViewsRepo } from './views.repo.ts'

/** As many reports as a statement of some ten milliseconds counts. */
const COUNTED_MAX = 500
/** Nobody sees that a number is a third of a second old, and all reports of a session within it are counted as one. */
const PAUSE_MS = 300
/** Under a flood counting rests so many times as long as it works: those who report and everybody else come first. */
const REST_SHARE = 3

type Deps = {
  repo: Pick<ViewsRepo, 'count'>
  log: Logger
  onCounted: (counters: readonly Counters[]) => void
}

/**
 * Counts what was reported, soon after somebody says that there is something. Whatever a node that died has kept is counted by
 * the next one that looks. One look at a time in a process; several processes take different reports.
 */
export function createCounting({ repo, log, onCounted }: Deps) {
  let isUnderWay = false
  let isDue = false

  /** Counts until nothing is left. `rest` is waited for between two looks, with how long the last one took. */
  async function countAll(rest?: (tookMs: number) => Promise<void>): Promise<void> {
    for (;;) {
      const startedMs = performance.now()
      const { counted, counters } = await repo.count(COUNTED_MAX)
      onCounted(counters)
      if (counted === 0) return
      if (counted < COUNTED_MAX && rest) return
      await rest?.(performance.now() - startedMs)
    }
  }

  async function run(): Promise<void> {
    isUnderWay = true
    while (isDue) {
      await sleep(PAUSE_MS)
      isDue = false
      await countAll((tookMs) => sleep(REST_SHARE * tookMs)).catch((error: unknown) => {
        // They stay where they are, and the next look takes them.
        log.warn({ error }, 'Views could not be counted')
      })
    }
    isUnderWay = false
  }

  return {
    /** Reports were kept. */
    soon(): void {
      isDue = true
      if (!isUnderWay) void run()
    },
    /** Now, and everything; for jobs and for whoever compares numbers. */
    countAll: () => countAll(),
  }
}
