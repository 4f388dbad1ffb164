import { expect, test } from 'vitest'
import { createSpeed } from './speed.ts'

test('is what came over the last seconds', () => {
  const speed = createSpeed()
  expect(speed.bytesPerSecond()).toBeUndefined()
  speed.add({ atMs: 0, bytes: 0 })
  expect(speed.bytesPerSecond()).toBeUndefined()
  speed.add({ atMs: 1000, bytes: 500 })
  expect(speed.bytesPerSecond()).toBe(500)
  speed.add({ atMs: 2000, bytes: 2500 })
  expect(speed.bytesPerSecond()).toBe(1250)
  speed.add({ atMs: 7000, bytes: 2500 })
  // The first two are forgotten: nothing came for five seconds.
  expect(speed.bytesPerSecond()).toBe(0)
})

test('begins anew where less is there than before', () => {
  const speed = createSpeed()
  speed.add({ atMs: 0, bytes: 0 })
  speed.add({ atMs: 1000, bytes: 9000 })
  speed.add({ atMs: 2000, bytes: 4000 })
  speed.add({ atMs: 3000, bytes: 4100 })
  expect(speed.bytesPerSecond()).toBe(100)
})
