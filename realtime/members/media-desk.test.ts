import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { MediaControl, TransportInfo } from '../../media/client/control.ts'
import type { Logger } from '../../src/core/log.ts'
import type { Session } from '../session.ts'
import { createMediaDesk } from './media-desk.ts'

/** Longer than any transport waits for its viewer to come back. */
const LONG_MS = 60_000

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

const silent: Logger = { debug() {}, info() {}, warn() {}, error() {}, child: () => silent }

const sessionOf = (viewerId: string, id: string, connected = true) =>
  ({ id, viewer: { id: viewerId }, socket: { connected } }) as Session

/** An SFU that only counts what is open; opening takes a turn, as it does in a worker. */
function setUp() {
  const open = new Set<string>()
  let made = 0
  const media = {
    async openTransport() {
      await Promise.resolve()
      const transportId = `t${++made}`
      open.add(transportId)
      return { transportId } as TransportInfo
    },
    async closeTransport(transportId: string) {
      open.delete(transportId)
    },
  } as Partial<MediaControl> as MediaControl
  return { desk: createMediaDesk({ media, log: silent }), open }
}

test('transports that are opened at once are all closed when their viewer does not come back', async () => {
  const { desk, open } = setUp()
  const session = sessionOf('alice', 's1')
  await Promise.all([desk.open(session, 'room', 'recv'), desk.open(session, 'room', 'recv')])
  desk.sessionEnded(session)
  await vi.advanceTimersByTimeAsync(LONG_MS)
  expect([...open]).toEqual([])
  expect(desk.size()).toEqual({ transports: 0, consumers: 0 })
})

test('the limit of transports holds for those that are opened at once, too', async () => {
  const { desk, open } = setUp()
  const session = sessionOf('alice', 's1')
  const answers = await Promise.allSettled(
    Array.from({ length: 40 }, () => desk.open(session, 'room', 'recv')),
  )
  expect(open.size).toBe(16)
  const refused = answers.flatMap((answer) => (answer.status === 'rejected' ? [answer.reason] : []))
  expect(new Set(refused.map(({ code }) => code))).toEqual(new Set(['too_many_requests']))
  const [first = ''] = open
  desk.close(first)
  await desk.open(session, 'room', 'recv')
  expect(open.size).toBe(16)
})

test('the next socket of a viewer takes a transport over, one of somebody else does not', async () => {
  const { desk, open } = setUp()
  const first = sessionOf('alice', 's1')
  const { transportId } = await desk.open(first, 'room', 'recv')
  desk.rememberConsumers(transportId, ['c1'])
  desk.sessionEnded(first)
  expect(() => desk.own(sessionOf('mallory', 's2'), transportId)).toThrow()
  expect(() => desk.ownConsumer(sessionOf('mallory', 's2'), 'c1')).toThrow()
  desk.ownConsumer(sessionOf('alice', 's3'), 'c1')
  await vi.advanceTimersByTimeAsync(LONG_MS)
  expect([...open]).toEqual([transportId])
})

test('a call of a socket that is gone does not keep its transport open', async () => {
  const { desk, open } = setUp()
  const { transportId } = await desk.open(sessionOf('alice', 's1'), 'room', 'recv')
  desk.own(sessionOf('alice', 's1', false), transportId)
  await vi.advanceTimersByTimeAsync(LONG_MS)
  expect([...open]).toEqual([])
})

test('what the SFU closed itself is forgotten', async () => {
  const { desk } = setUp()
  const session = sessionOf('alice', 's1')
  const { transportId } = await desk.open(session, 'room', 'recv')
  desk.rememberConsumers(transportId, ['c1'])
  await desk.open(session, 'other', 'recv')
  desk.streamGone('room')
  expect(desk.size()).toEqual({ transports: 1, consumers: 0 })
  expect(() => desk.own(session, transportId)).toThrow()
  desk.stop()
})

test('who may not stay loses what they hold of the stream, with or without a socket, and nothing of other streams', async () => {
  const { desk, open } = setUp()
  const outsider = sessionOf('outsider', 's1')
  const { transportId: gone } = await desk.open(outsider, 'room', 'recv')
  const { transportId: elsewhere } = await desk.open(outsider, 'other', 'recv')
  const { transportId: kept } = await desk.open(sessionOf('follower', 's2'), 'room', 'recv')
  const { transportId: orphan } = await desk.open(sessionOf('left', 's3', false), 'room', 'recv')
  const asked: (readonly string[])[] = []
  const judge = async (viewerIds: readonly string[]) => {
    asked.push(viewerIds)
    return (viewerId: string) => ({ refusal: viewerId === 'follower' ? undefined : 'not for them' })
  }
  await desk.rejudge('room', ['somebody else'], judge)
  expect(asked).toEqual([])
  await desk.rejudge('room', undefined, judge)
  expect(asked).toEqual([['outsider', 'follower', 'left']])
  expect([...open]).toEqual([elsewhere, kept])
  expect(() => desk.own(outsider, gone)).toThrow()
  expect([orphan, gone].some((id) => open.has(id))).toBe(false)
  desk.stop()
})
