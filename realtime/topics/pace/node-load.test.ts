import { expect, test } from 'vitest'
import type { Logger } from '../../../src/core/log.ts'
import { LEVEL_MAX } from './allowance.ts'
import { createNodeLoad, type NodeFigures } from './node-load.ts'

const idle: NodeFigures = { utilization: 0.1, lagMs: 1, behindShare: 0 }
const busy: NodeFigures = { utilization: 0.98, lagMs: 10, behindShare: 0 }
const between: NodeFigures = { utilization: 0.7, lagMs: 10, behindShare: 0 }

function setUp() {
  const logged: string[] = []
  const note = (_fields: object, message: string) => void logged.push(message)
  const log: Logger = { debug: note, info: note, warn: note, error: note, child: () => log }
  const load = createNodeLoad(log)
  /** So many looks; answers the level after them. */
  const look = (figures: NodeFigures, times: number) => {
    for (let i = 0; i < times; i++) load.look(figures)
    return load.level()
  }
  return { look, logged }
}

test('one busy second changes nothing, two in a row are a level, and there is a last one', () => {
  const { look, logged } = setUp()
  expect(look(busy, 1)).toBe(0)
  look(idle, 1)
  expect(look(busy, 1)).toBe(0)
  expect(look(busy, 1)).toBe(1)
  expect(look(busy, 50)).toBe(LEVEL_MAX)
  expect(logged).toHaveLength(LEVEL_MAX)
})

test('each of the figures alone is a reason', () => {
  for (const figures of [
    { ...idle, utilization: 0.95 },
    { ...idle, lagMs: 80 },
    { ...idle, behindShare: 0.2 },
  ])
    expect(setUp().look(figures, 2)).toBe(1)
})

test('a level falls after three calm seconds, and stays where it is neither calm nor over', () => {
  const { look } = setUp()
  look(busy, 2)
  expect(look(between, 500)).toBe(1)
  expect(look(idle, 2)).toBe(1)
  expect(look(idle, 1)).toBe(0)
})

test('a level that is needed again is held for twice as long, until it was quiet for long', () => {
  const { look } = setUp()
  const looksToFall = () => {
    look(busy, 2)
    let looks = 1
    while (look(idle, 1) > 0) looks++
    return looks
  }
  expect([looksToFall(), looksToFall(), looksToFall()]).toEqual([3, 6, 12])
  for (let i = 0; i < 5; i++) looksToFall()
  expect(looksToFall()).toBe(120)
  look(idle, 200)
  expect(looksToFall()).toBe(3)
})
