import { expect, test, vi } from 'vitest'
import { createBatcher } from './batch.ts'

/** Runs that are released by hand. */
function setUp({ maxItems = 100 } = {}) {
  const batches: number[][] = []
  const releases: (() => void)[] = []
  let idles = 0
  const batcher = createBatcher<number, string>({
    maxItems,
    onIdle: () => void idles++,
    async run(items) {
      batches.push(items)
      await new Promise<void>((resolve) => releases.push(resolve))
      if (items.includes(-1)) throw new Error('refused')
      return items.filter((item) => item < 1000).map(String)
    },
  })
  /** Lets every run end, those included that begin meanwhile. */
  async function release(): Promise<void> {
    for (let i = 0; i < 100; i++) {
      releases.shift()?.()
      await Promise.resolve()
    }
  }
  return { batcher, batches, release, idles: () => idles }
}

test('items of one turn go together, those that come meanwhile go next, each with its own result', async () => {
  const { batcher, batches, release, idles } = setUp()
  const first = [1, 2].map((item) => batcher.add(item))
  await Promise.resolve()
  const second = [3, 4].map((item) => batcher.add(item))
  await release()
  expect(await Promise.all([...first, ...second])).toEqual(['1', '2', '3', '4'])
  expect(batches).toEqual([
    [1, 2],
    [3, 4],
  ])
  expect(idles()).toBe(1)
})

test('a batch has no more items than it may', async () => {
  const { batcher, batches, release } = setUp({ maxItems: 2 })
  const all = Promise.all([1, 2, 3, 4, 5].map((item) => batcher.add(item)))
  await release()
  expect(await all).toEqual(['1', '2', '3', '4', '5'])
  expect(batches.map((items) => items.length)).toEqual([2, 2, 1])
})

test('a batch that fails rejects its own items, and the next ones go on', async () => {
  const { batcher, release } = setUp({ maxItems: 2 })
  const all = Promise.allSettled([1, -1, 3].map((item) => batcher.add(item)))
  await release()
  expect((await all).map(({ status }) => status)).toEqual(['rejected', 'rejected', 'fulfilled'])
})

test('an item that a batch answers nothing for is rejected rather than left waiting', async () => {
  const { batcher, release } = setUp()
  const all = Promise.allSettled([1, 1000].map((item) => batcher.add(item)))
  await release()
  expect((await all).map(({ status }) => status)).toEqual(['fulfilled', 'rejected'])
})

test('batches begin at least so far apart, and a lone item after a pause waits for nothing', async () => {
  vi.useFakeTimers()
  try {
    const batches: number[][] = []
    let idles = 0
    const batcher = createBatcher<number, number>({
      ...{ maxItems: 100, everyMs: 20, onIdle: () => void idles++ },
      async run(items) {
        batches.push(items)
        return items
      },
    })
    await batcher.add(1)
    const after = [batcher.add(2)]
    await vi.advanceTimersByTimeAsync(10)
    after.push(batcher.add(3))
    expect(batches).toEqual([[1]])
    await vi.advanceTimersByTimeAsync(10)
    expect(await Promise.all(after)).toEqual([2, 3])
    expect(idles).toBe(0)
    await vi.advanceTimersByTimeAsync(20)
    expect(idles).toBe(1)
    expect(await batcher.add(4)).toBe(4)
    expect(batches).toEqual([[1], [2, 3], [4]])
  } finally {
    vi.useRealTimers()
  }
})
