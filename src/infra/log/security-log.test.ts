import { expect, test } from 'vitest'
import type { Logger } from '../../core/log.ts'
import { MINUTE_MS } from '../../core/time.ts'
import { createSecurityLog } from './security-log.ts'

test('a flood of one event leaves room on the disk and for the others, and says how much was left out', () => {
  const lines: Record<string, unknown>[] = []
  const log: Logger = {
    ...{ debug() {}, warn() {}, error() {} },
    info: (fields) => void lines.push(fields),
    child: () => log,
  }
  const clock = { ms: 0, nowMs: () => clock.ms }
  const security = createSecurityLog(log, clock, 3)
  for (let i = 0; i < 10; i++) security.note('limit_hit', { at: `/${i}` })
  security.note('sign_in', { accountId: 'a' })
  clock.ms = MINUTE_MS
  security.note('limit_hit', { at: '/later' })
  security.note('limit_hit', { at: '/again' })
  expect(lines).toEqual([
    ...[0, 1, 2].map((i) => ({ event: 'limit_hit', at: `/${i}` })),
    { event: 'sign_in', accountId: 'a' },
    { event: 'limit_hit', at: '/later', omitted: 7 },
    { event: 'limit_hit', at: '/again' },
  ])
})
