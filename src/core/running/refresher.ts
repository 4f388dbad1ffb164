import { createBatcher } from './batch.ts'

/**
 * Shows values that are derived from the database, such as counters. `refresh` reads and shows them by key; while one is
 * under way, what is asked for waits for the next and is read once then, however often it was asked for. So the value
 * shown last is never older than the last request. The function that comes back throws nothing and does not wait.
 */
export function createRefresher(options: {
  refresh: (keys: string[]) => Promise<void>
  maxKeys: number
  onError: (error: unknown) => void
}): (key: string) => void {
  const batcher = createBatcher<string, undefined>({
    maxItems: options.maxKeys,
    async run(keys) {
      await options.refresh([...new Set(keys)]).catch(options.onError)
      return keys.map(() => undefined)
    },
  })
  return (key) => void batcher.add(key)
}
