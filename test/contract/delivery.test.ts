import { expect, test } from 'vitest'
import { judge, sumVerdicts, type Told, whole } from '../support/delivery.ts'

const line = (order: number, text = `line ${order}`) => ({ order, text })
const acknowledged = [1, 2, 3, 4].map((order) => line(order))
const verdict = (told: readonly Told[], from?: number) => judge(told, acknowledged, from)

test('the judge of deliveries finds everything whole where it is', () => {
  expect(verdict([1, 2, 3, 4].map((order) => line(order)))).toEqual(whole(4))
  expect(verdict([line(3), line(4)], 3)).toEqual(whole(2))
  // Committed without an acknowledgement: its sender's connection went.
  expect(verdict([1, 2, 3, 4, 5].map((order) => line(order)))).toEqual(whole(4))
})

test('the judge of deliveries tells what is lost, said to be lost, doubled, out of order, or changed', () => {
  expect(verdict([line(1), line(4)])).toMatchObject({ delivered: 2, silentGaps: 2, toldMissing: 0 })
  expect(verdict([line(1), line(2), line(3)])).toMatchObject({ silentGaps: 1 })
  expect(verdict([line(1), 'gap', line(4)])).toMatchObject({ silentGaps: 0, toldMissing: 2 })
  expect(verdict([line(1), line(2), 'gap'])).toMatchObject({ silentGaps: 0, toldMissing: 2 })
  // A gap that was told elsewhere explains nothing.
  expect(verdict(['gap', line(1), line(3), line(4)])).toMatchObject({ silentGaps: 1, toldMissing: 0 })
  expect(verdict([1, 2, 2, 3, 4].map((order) => line(order)))).toMatchObject({ doubled: 1, disordered: 0 })
  expect(verdict([1, 3, 2, 4].map((order) => line(order)))).toMatchObject({ doubled: 0, disordered: 1 })
  expect(verdict([line(1), line(2, 'other'), line(3), line(4)])).toMatchObject({ delivered: 4, altered: 1 })
  expect(sumVerdicts([verdict([]), verdict([line(1), line(2)])])).toMatchObject({
    ...{ expected: 8, delivered: 2, silentGaps: 6 },
  })
})
