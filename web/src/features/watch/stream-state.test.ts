import { expect, test } from 'vitest'
import { applyStreamEvents, type Broadcast, type Stream, stageOf, withCounters } from './stream-state.ts'

const broadcast = (id: string, state: Broadcast['state'], more: Partial<Broadcast> = {}): Broadcast => ({
  id,
  streamId: 'stream',
  title: id,
  category: 'talk',
  visibility: 'public',
  state,
  scheduledFor: null,
  startedAt: null,
  interruptedAt: null,
  graceEndsAt: null,
  endedAt: null,
  endReason: null,
  likes: 0,
  ...more,
})
const stream = (more: Partial<Stream> = {}): Stream => ({
  id: 'stream',
  owner: { id: 'ada', handle: 'ada', displayName: 'Ada', avatar: null },
  broadcast: null,
  upcoming: [],
  viewers: 0,
  isLiked: false,
  ...more,
})
const pushed = (value: Broadcast) => ({ type: 'broadcast' as const, broadcast: value })

test('a broadcast that was announced leaves the announcements when it starts', () => {
  const announced = stream({ upcoming: [broadcast('a', 'scheduled', { scheduledFor: 5 })] })
  expect(stageOf(announced).kind).toBe('scheduled')
  const started = applyStreamEvents(announced, [pushed(broadcast('a', 'starting'))])
  expect(started.upcoming).toEqual([])
  expect(stageOf(started)).toMatchObject({ kind: 'starting', broadcast: { id: 'a' } })
})

test('announcements are in order of their time, whatever order they come in', () => {
  const after = applyStreamEvents(stream(), [
    pushed(broadcast('late', 'scheduled', { scheduledFor: 9 })),
    pushed(broadcast('soon', 'scheduled', { scheduledFor: 3 })),
  ])
  expect(after.upcoming.map((known) => known.id)).toEqual(['soon', 'late'])
})

test('cancelling an announcement does not end what is on air', () => {
  const live = stream({
    broadcast: broadcast('now', 'live'),
    upcoming: [broadcast('later', 'scheduled', { scheduledFor: 5 })],
  })
  const after = applyStreamEvents(live, [pushed(broadcast('later', 'ended', { endReason: 'cancelled' }))])
  expect(after.upcoming).toEqual([])
  expect(stageOf(after)).toMatchObject({ kind: 'live', broadcast: { id: 'now' } })
})

test('a stream goes from live over interrupted to ended', () => {
  const kinds = (['live', 'interrupted', 'live', 'ended'] as const).map(
    (state) => stageOf(applyStreamEvents(stream(), [pushed(broadcast('a', state))])).kind,
  )
  expect(kinds).toEqual(['live', 'interrupted', 'live', 'ended'])
  expect(stageOf(stream()).kind).toBe('offline')
})

test('the next broadcast is not liked yet; a push about the same one leaves the like and takes the newest number', () => {
  const liked = stream({ broadcast: broadcast('a', 'live', { likes: 3 }), isLiked: true })
  const told = withCounters(liked, { viewers: 7, likes: 4 })
  expect(told).toMatchObject({ viewers: 7, isLiked: true, broadcast: { id: 'a', likes: 4 } })
  expect(applyStreamEvents(told, [pushed(broadcast('a', 'interrupted', { likes: 4 }))]).isLiked).toBe(true)
  const next = applyStreamEvents(told, [pushed(broadcast('b', 'starting'))])
  expect(next).toMatchObject({ isLiked: false, broadcast: { id: 'b', likes: 0 } })
})
