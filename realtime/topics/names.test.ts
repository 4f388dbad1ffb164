import { expect, test } from 'vitest'
import { z } from 'zod'
import { createTopicNames } from './names.ts'

const spec = { summary: '', class: 'live' as const, item: z.unknown() }
const names = createTopicNames({
  'chat:{streamId}': spec,
  'counters:stream:{streamId}': spec,
  'directory:live': spec,
})

test.each([
  ['chat:0190a', 'chat:{streamId}', '0190a'],
  ['counters:stream:x_-9', 'counters:stream:{streamId}', 'x_-9'],
  ['directory:live', 'directory:live', undefined],
])('%s belongs to %s', (name, pattern, param) => {
  expect(names(name)).toEqual({ name, pattern, spec, param })
})

test.each([
  '',
  ':',
  'chat',
  'chat:',
  'chat::x',
  'chat:a:b',
  'chat:a b',
  'chat:a\u001fb',
  'chat:{streamId}',
  `chat:${'a'.repeat(65)}`,
  'directory:dead',
  'counters:stream',
  'constructor',
  '__proto__:x',
])('%j is the name of nothing', (name) => {
  expect(names(name)).toBeUndefined()
})
