import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { createLeases } from './leases.ts'

const LONG_MS = 120_000

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

test('what a gateway that is gone held is closed, but for what its viewers took elsewhere', async () => {
  const closed: string[] = []
  const leases = createLeases((transportId) => void closed.push(transportId))
  for (const gateway of ['one', 'other']) leases.up(gateway)
  for (const transportId of ['stays', 'moves', 'ended']) leases.hold('one', transportId, 'alice')
  leases.hold('other', 'moves', 'alice')
  leases.release('ended')
  expect(['one', 'other'].map((gateway) => leases.isForeign(gateway, 'moves'))).toEqual([true, false])
  leases.down('one')
  await vi.advanceTimersByTimeAsync(LONG_MS)
  expect(closed).toEqual(['stays'])
})

test('a gateway whose link is back in time keeps what it held', async () => {
  const closed: string[] = []
  const leases = createLeases((transportId) => void closed.push(transportId))
  leases.up('one')
  leases.hold('one', 'a', 'alice')
  leases.down('one')
  await vi.advanceTimersByTimeAsync(40_000)
  leases.up('one')
  await vi.advanceTimersByTimeAsync(LONG_MS)
  expect(closed).toEqual([])
})

test('what has closed by itself is forgotten', async () => {
  const closed: string[] = []
  const leases = createLeases((transportId) => void closed.push(transportId))
  leases.up('one')
  for (const transportId of ['open', 'gone']) leases.hold('one', transportId, 'alice')
  await leases.sweep(async ({ transportId, peer }) => transportId === 'open' && peer === 'alice')
  leases.down('one')
  await vi.advanceTimersByTimeAsync(LONG_MS)
  expect(closed).toEqual(['open'])
})
