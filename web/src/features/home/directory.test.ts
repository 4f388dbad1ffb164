import { expect, test } from 'vitest'
import { applyDirectory, type StreamCard } from './directory.ts'

const card = (streamId: string, viewers = 0): StreamCard => ({
  streamId,
  handle: streamId,
  displayName: streamId,
  avatar: null,
  title: 'A title',
  category: 'talk',
  state: 'live',
  startedAt: 1,
  viewers,
})

test('a new stream comes last and a changed one keeps its place', () => {
  const after = applyDirectory(
    [card('a', 9), card('b', 5)],
    [
      { type: 'upsert', stream: card('c') },
      { type: 'upsert', stream: card('a', 1) },
    ],
  )
  expect(after.map((stream) => [stream.streamId, stream.viewers])).toEqual([
    ['a', 1],
    ['b', 5],
    ['c', 0],
  ])
})

test('a stream that ended goes, and removing it again changes nothing', () => {
  const remove = { type: 'remove', streamId: 'a' } as const
  expect(applyDirectory([card('a'), card('b')], [remove, remove]).map((stream) => stream.streamId)).toEqual([
    'b',
  ])
})
