import { sleep, steadyMs } from '../time.ts'

/**
 * Collects items while an earlier batch is being worked on and hands them over together: no timer, so a lone item
 * waits for nothing, and under load batches grow by themselves.
 */
export type Batcher<Item, Result> = {
  /** Settles with the item's own result, or rejects with what its batch failed with. */
  add(item: Item): Promise<Result>
}

type Waiting<Item, Result> = {
  item: Item
  resolve: (result: Result) => void
  reject: (error: unknown) => void
}

/**
 * `run` answers results in the order of its items; `onIdle` is called when nothing is left to do. With `everyMs`, batches begin
 * at least so far apart: what comes right after one waits for company, what comes later does not.
 */
export function createBatcher<Item, Result>(options: {
  run: (items: Item[]) => Promise<Result[]>
  maxItems: number
  everyMs?: number
  onIdle?: () => void
}): Batcher<Item, Result> {
  let waiting: Waiting<Item, Result>[] = []
  let isRunning = false

  async function drain(): Promise<void> {
    isRunning = true
    while (waiting.length > 0) {
      const batch = waiting.slice(0, options.maxItems)
      waiting = waiting.slice(options.maxItems)
      const nextAtMs = steadyMs() + (options.everyMs ?? 0)
      await settle(batch, options.run)
      const restMs = nextAtMs - steadyMs()
      if (restMs > 0) await sleep(restMs)
    }
    isRunning = false
    options.onIdle?.()
  }

  return {
    add: (item) =>
      new Promise((resolve, reject) => {
        waiting.push({ item, resolve, reject })
        // On the next microtask, so that everything that arrived in this turn of the event loop goes together.
        if (!isRunning) {
          isRunning = true
          queueMicrotask(() => void drain())
        }
      }),
  }
}

async function settle<Item, Result>(
  batch: Waiting<Item, Result>[],
  run: (items: Item[]) => Promise<Result[]>,
): Promise<void> {
  try {
    const results = await run(batch.map(({ item }) => item))
    batch.forEach(({ resolve, reject }, i) => {
      if (i < results.length) resolve(results[i] as Result)
      else reject(new Error('The batch answered fewer results than it had items.'))
    })
  } catch (error) {
    for (const { reject } of batch) reject(error)
  }
}
