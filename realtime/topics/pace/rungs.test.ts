import { expect, test } from 'vitest'
import type { Logger } from '../../../src/core/log.ts'
import { createRungs } from './rungs.ts'

function setUp() {
  const clock = { nowMs: 0 }
  const logged: object[] = []
  const note = (fields: object) => void logged.push(fields)
  const log: Logger = { debug: note, info: note, warn: note, error: note, child: () => log }
  return { clock, logged, rungs: createRungs({ log, nowMs: () => clock.nowMs }) }
}

test('a room goes up at once, stays while it needs the rung, and comes down when it did not for a while', () => {
  const { clock, logged, rungs } = setUp()
  rungs.report('chat:1', 'calm', 0)
  expect(logged).toEqual([])
  rungs.report('chat:1', 'slowed', 0)
  rungs.report('chat:1', 'sampled', 7)
  for (; clock.nowMs < 20_000; clock.nowMs += 1000) {
    rungs.report('chat:1', 'slowed', 0)
    rungs.report('chat:1', 'sampled', 1)
    rungs.look()
  }
  expect(rungs.counts()).toEqual({ slowed: 0, sampled: 1 })
  clock.nowMs += 6000
  rungs.look()
  expect(rungs.counts()).toEqual({ slowed: 0, sampled: 0 })
  expect(logged).toEqual([
    { topic: 'chat:1', rung: 'slowed' },
    { topic: 'chat:1', rung: 'sampled' },
    { topic: 'chat:1', rung: 'sampled', skipped: 27 },
  ])
})

test('a room that falls silent leaves its rung, too', () => {
  const { clock, rungs } = setUp()
  rungs.report('chat:1', 'slowed', 0)
  rungs.report('chat:2', 'slowed', 0)
  clock.nowMs = 4000
  rungs.report('chat:2', 'slowed', 0)
  clock.nowMs = 6000
  rungs.look()
  expect(rungs.counts()).toEqual({ slowed: 1, sampled: 0 })
})
