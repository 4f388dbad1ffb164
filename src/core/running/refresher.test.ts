import { expect, test } from 'vitest'
import { createRefresher } from './refresher.ts'

const turn = () => new Promise((resolve) => setImmediate(resolve))

test('what changes during a read is read again after it, once, and shown last', async () => {
  const stored = { a: 1, b: 1 } as Record<string, number>
  const shown: [string, number][] = []
  const reads: string[][] = []
  const gates: (() => void)[] = []
  const refresh = createRefresher({
    maxKeys: 10,
    onError: () => expect.unreachable(),
    async refresh(keys) {
      reads.push(keys)
      const values = keys.map((key) => [key, stored[key] ?? 0] as [string, number])
      await new Promise<void>((resolve) => gates.push(resolve))
      shown.push(...values)
    },
  })
  refresh('a')
  await turn()
  stored.a = 2
  for (const key of ['a', 'b', 'a']) refresh(key)
  gates[0]?.()
  await turn()
  gates[1]?.()
  await turn()
  expect(reads).toEqual([['a'], ['a', 'b']])
  expect(shown).toEqual([
    ['a', 1],
    ['a', 2],
    ['b', 1],
  ])
})

test('a read that failed is told, and does not keep the next one', async () => {
  const errors: unknown[] = []
  let reads = 0
  const refresh = createRefresher({
    maxKeys: 10,
    onError: (error) => void errors.push(error),
    async refresh() {
      if (++reads === 1) throw new Error('away')
    },
  })
  refresh('a')
  await turn()
  refresh('a')
  await turn()
  expect(errors).toHaveLength(1)
  expect(reads).toBe(2)
})
