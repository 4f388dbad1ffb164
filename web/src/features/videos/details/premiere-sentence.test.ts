import { expect, test } from 'vitest'
import { sentenceOf } from './premiere-sentence.ts'

const NOW_MS = 1000
const plain = { isPremiere: false, scheduledFor: null }
const later = { isPremiere: false, scheduledFor: 2000 }
const premiere = { isPremiere: true, scheduledFor: 2000 }

test.each([
  ['no time', plain, false, null, 'public', 'plainNone'],
  ['a time', plain, false, 2000, 'public', 'plainLater'],
  ['a time that is over', plain, false, 500, 'public', 'plainNone'],
  ['a premiere', plain, true, 2000, 'public', 'planned'],
  ['a premiere of what has its time', later, true, 2000, 'followers', 'planned'],
  ['a premiere that is over', plain, true, 500, 'public', 'needsTime'],
  ['a premiere for nobody', plain, true, 2000, 'private', 'needsAudience'],
  ['a premiere as it is', premiere, true, 2000, 'public', 'kept'],
  ['another time', premiere, true, 3000, 'public', 'moved'],
  ['no premiere any more', premiere, false, 2000, 'public', 'calledOff'],
  ['no time any more', premiere, true, null, 'public', 'calledOffNow'],
] as const)('saving %s: %s', (_what, before, isPremiere, at, visibility, expected) => {
  expect(sentenceOf(before, { isPremiere, at, visibility }, NOW_MS)).toBe(expected)
})
