import type { Socket } from 'socket.io'
import { expect, test, vi } from 'vitest'
import type { Viewer } from '../../src/core/viewer.ts'
import type { AccountRights } from '../../src/infra/access/rights/account-rights.ts'
import { createSession, createSessions } from '../session.ts'
import { createRightsOfSockets } from './account-rights.ts'

const TOKEN_LIFE_MS = 60_000
const bob = { id: 'bob', handle: 'bob', displayName: 'Bob', role: 'member' as const }
const viewer: Viewer = { id: 'bob', account: bob }
const free: AccountRights = { id: 'bob', role: 'member', upgrades: [], sanction: undefined }
const suspended: AccountRights = { ...free, sanction: { kind: 'suspended', reason: 'x', untilMs: null } }
const banned: AccountRights = { ...free, sanction: { kind: 'banned', reason: 'x', untilMs: null } }

/** Sockets of bob, a database that answers when it is told to, and a link that comes and goes. */
function setUp() {
  const clock = { nowMs: 0 }
  const sessions = createSessions()
  const reads: { answer(rights?: AccountRights): void; fail(): void }[] = []
  const told: unknown[] = []
  const link = { up: () => {}, down: () => {} }
  const rights = createRightsOfSockets({
    ...{ sessions, tokenLifeMs: TOKEN_LIFE_MS, nowMs: () => clock.nowMs },
    read: () =>
      new Promise((resolve, reject) => {
        reads.push({
          answer: (found) => resolve(new Map(found ? [[found.id, found]] : [])),
          fail: () => reject(new Error('away')),
        })
      }),
    link: {
      onUp: (listener) => {
        link.up = listener
        return () => {}
      },
      onDown: (listener) => {
        link.down = listener
        return () => {}
      },
    },
    log: { debug() {}, info() {}, warn() {}, error() {}, child: () => ({}) as never },
  })
  const open = (of: Viewer) => {
    const socket = {
      id: String(sessions.size()),
      emit: (...said: unknown[]) => told.push(said),
      disconnect: () => sessions.remove(session),
    }
    const session = createSession(socket as unknown as Socket, of)
    sessions.add(session)
    return session
  }
  const settle = () => new Promise((resolve) => setImmediate(resolve))
  return { clock, sessions, reads, told, link, rights, open, settle }
}

test('a change closes the sockets of that account, and who comes back is what the database says', async () => {
  const { rights, open, sessions, reads, told, settle } = setUp()
  const [, carol] = [open(viewer), open({ id: 'carol', account: { ...bob, id: 'carol' } })]
  rights.changed('bob')
  expect(sessions.of('bob').size).toBe(0)
  expect(sessions.of('carol')).toContain(carol)
  expect(told).toEqual([['session:ended', { code: 'rights_changed', reconnect: true }]])
  expect(() => rights.apply(viewer)).toThrow(expect.objectContaining({ code: 'unavailable' }))
  reads[0]?.answer(suspended)
  await settle()
  expect(rights.apply(viewer).account).toEqual({ ...bob, suspension: { untilMs: null } })
  expect(rights.isCurrent({ viewer })).toBe(false)
  expect(rights.isCurrent({ viewer: rights.apply(viewer) })).toBe(true)
})

test('who is banned or gone gets no further with an old token', async () => {
  for (const found of [banned, undefined]) {
    const { rights, reads, settle } = setUp()
    rights.changed('bob')
    reads[0]?.answer(found)
    await settle()
    expect(() => rights.apply(viewer)).toThrow(expect.objectContaining({ code: 'token_expired' }))
  }
})

test('of two changes the later read holds, whichever answer comes last', async () => {
  const { rights, reads, settle } = setUp()
  rights.changed('bob')
  rights.changed('bob')
  reads[1]?.answer(free)
  await settle()
  reads[0]?.answer(suspended)
  await settle()
  expect(rights.apply(viewer)).toEqual(viewer)
})

test('what is remembered goes once no older token can be good', async () => {
  const { rights, reads, clock, settle } = setUp()
  rights.changed('bob')
  reads[0]?.answer(suspended)
  await settle()
  clock.nowMs = TOKEN_LIFE_MS
  expect(rights.isCurrent({ viewer })).toBe(false)
  clock.nowMs = 2 * TOKEN_LIFE_MS
  expect(rights.isCurrent({ viewer })).toBe(true)
})

test('a database that is away is asked again, and nobody is let in meanwhile', async () => {
  vi.useFakeTimers()
  try {
    const { rights, reads } = setUp()
    rights.changed('bob')
    reads[0]?.fail()
    await vi.advanceTimersByTimeAsync(1000)
    expect(() => rights.apply(viewer)).toThrow(expect.objectContaining({ code: 'unavailable' }))
    expect(reads).toHaveLength(2)
    reads[1]?.answer(free)
    await vi.advanceTimersByTimeAsync(0)
    expect(rights.apply(viewer)).toEqual(viewer)
  } finally {
    vi.useRealTimers()
  }
})

test('without Redis everybody is compared once a second, and who is the same stays', async () => {
  vi.useFakeTimers()
  try {
    const { rights, reads, link, open, sessions } = setUp()
    open(viewer)
    link.down()
    await vi.advanceTimersByTimeAsync(1000)
    reads[0]?.answer(free)
    await vi.advanceTimersByTimeAsync(1000)
    expect(sessions.of('bob').size).toBe(1)
    reads[1]?.answer(suspended)
    await vi.advanceTimersByTimeAsync(0)
    expect(sessions.of('bob').size).toBe(0)
    rights.stop()
  } finally {
    vi.useRealTimers()
  }
})
