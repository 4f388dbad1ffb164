import { expect, test } from 'vitest'
import { createStreamReads } from './streams.reads.ts'

/** Reads that end when they are told to; what they find is how many began before. */
function stage() {
  const begun: { streamId: string; end: (found: number) => void; fail: () => void }[] = []
  const reads = createStreamReads(
    (streamId) =>
      new Promise<number>((resolve, reject) => {
        begun.push({ streamId, end: resolve, fail: () => reject(new Error('away')) })
      }),
  )
  const used: string[] = []
  const read = (streamId: string) =>
    reads.withFresh(streamId, (found) => void used.push(`${streamId} ${found}`))
  return { begun, reads, used, read }
}

test('what was read before an announcement of the same stream is read again', async () => {
  const { begun, reads, used, read } = stage()
  const done = read('a')
  reads.announced('a')
  begun[0]?.end(1)
  await expect.poll(() => begun.length).toBe(2)
  expect(used).toEqual([])
  begun[1]?.end(2)
  await done
  expect(used).toEqual(['a 2'])
})

test('announcements of other streams make nobody read again', async () => {
  const { begun, reads, used, read } = stage()
  const done = Promise.all([read('a'), read('b')])
  for (let i = 0; i < 100; i++) reads.announced('b')
  reads.announced('c')
  begun[0]?.end(1)
  begun[1]?.end(2)
  await expect.poll(() => begun.length).toBe(3)
  begun[2]?.end(3)
  await done
  expect(begun.map(({ streamId }) => streamId)).toEqual(['a', 'b', 'b'])
  expect(used).toEqual(['a 1', 'b 3'])
})

test('of two reads of a stream both are of after the announcement, also where one ended before', async () => {
  const { begun, reads, used, read } = stage()
  const first = read('a')
  const second = read('a')
  begun[0]?.end(1)
  await first
  reads.announced('a')
  begun[1]?.end(2)
  await expect.poll(() => begun.length).toBe(3)
  begun[2]?.end(3)
  await second
  expect(used).toEqual(['a 1', 'a 3'])
})

test('nothing is remembered of streams that nobody reads, also where a read fails', async () => {
  const { begun, reads, read } = stage()
  for (let i = 0; i < 1000; i++) reads.announced(`stream ${i}`)
  expect(reads.count()).toBe(0)
  const failed = expect(read('a')).rejects.toThrow('away')
  expect(reads.count()).toBe(1)
  begun[0]?.fail()
  await failed
  const done = read('b')
  begun[1]?.end(1)
  await done
  expect(reads.count()).toBe(0)
})
