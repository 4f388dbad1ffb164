import { expect, test } from 'vitest'
import type { StreamCard } from '../home/directory.ts'
import { feedItem } from './feed-item.fixture.ts'
import { onAir, type Standings, standingOf, withDirectory } from './standing.ts'

const nothing: Standings = new Map()
const card = (number: number, more: Partial<StreamCard> = {}): StreamCard => ({
  streamId: `stream ${number}`,
  handle: `person${number}`,
  displayName: `Person ${number}`,
  avatar: null,
  title: `Broadcast ${number}`,
  category: 'talk',
  state: 'live',
  startedAt: number,
  viewers: 0,
  ...more,
})
const upsert = (stream: StreamCard) => ({ type: 'upsert' as const, stream })
const inState = (state: 'scheduled' | 'ended', startedAt: number | null) =>
  feedItem(1, { broadcast: { ...feedItem(1).broadcast, state, startedAt } })

test('an entry goes from live over interrupted to ended as the directory tells', () => {
  expect(standingOf(feedItem(1), nothing)).toEqual({ kind: 'live', viewers: undefined })
  const interrupted = withDirectory(nothing, [upsert(card(1, { state: 'interrupted', viewers: 3 }))])
  expect(standingOf(feedItem(1), interrupted)).toEqual({ kind: 'interrupted', viewers: 3 })
  const gone = withDirectory(interrupted, [{ type: 'remove', streamId: 'stream 1' }])
  expect(standingOf(feedItem(1), gone).kind).toBe('ended')
})

test('a broadcast that ended stays so when its stream is live again', () => {
  const live = withDirectory(nothing, [upsert(card(1))])
  expect(standingOf(inState('ended', 5), live).kind).toBe('ended')
  expect(standingOf(inState('ended', null), live).kind).toBe('cancelled')
  expect(standingOf(inState('scheduled', null), live).kind).toBe('scheduled')
})

test('the strip has one entry for each stream that is on air', () => {
  const again = feedItem(7, { broadcast: { ...feedItem(1).broadcast, id: 'broadcast 7' } })
  const gone = withDirectory(nothing, [{ type: 'remove', streamId: 'stream 2' }])
  const found = onAir([again, feedItem(1), feedItem(2), feedItem(3), inState('ended', 1)], gone)
  expect(found.map(({ id }) => id)).toEqual(['7', '3'])
})
