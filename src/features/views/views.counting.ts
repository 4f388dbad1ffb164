import type { Logger } from '../../core/log.ts'
import { sleep } from '../../core/time.ts'
import type { Counters, ViewsRepo } from './views.repo.ts'

/** As many reports as a statement of some ten milliseconds counts. */
const COUNTED_MAX = 500
/** Nobody sees that a number is a third of a second old, and all reports of a session within it are counted as one. */
const PAUSE_MS = 300

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

  /** Counts until nothing is left. */
  async function countAll(): Promise<void> {
    for (;;) {
      const { counted, counters } = await repo.count(COUNTED_MAX)
      onCounted(counters)
      if (counted < COUNTED_MAX) return
    }
  }

  async function run(): Promise<void> {
    isUnderWay = true
    while (isDue) {
      await sleep(PAUSE_MS)
      isDue = false
      await countAll().catch((error: unknown) => {
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
    countAll,
  }
}
