import { type Batcher, createBatcher } from './batch.ts'

/** A batcher for each group (a stream, an account), kept only as long as it has something to do. */
export function createGroupBatcher<Item, Result>(options: {
  run: (group: string, items: Item[]) => Promise<Result[]>
  maxItems: number
  everyMs?: number
}): { add(group: string, item: Item): Promise<Result> } {
  const groups = new Map<string, Batcher<Item, Result>>()

  function batcherOf(group: string): Batcher<Item, Result> {
    const existing = groups.get(group)
    if (existing) return existing
    const batcher = createBatcher<Item, Result>({
      run: (items) => options.run(group, items),
      maxItems: options.maxItems,
      ...(options.everyMs !== undefined && { everyMs: options.everyMs }),
      onIdle: () => groups.delete(group),
    })
    groups.set(group, batcher)
    return batcher
  }

  return { add: (group, item) => batcherOf(group).add(item) }
}
