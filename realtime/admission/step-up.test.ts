import { EventEmitter } from 'node:events'
import { expect, test } from 'vitest'
import { z } from 'zod'
import type { CallSpec } from '../../src/contract/define.ts'
import type { Ack } from '../../src/core/errors.ts'
import type { Viewer } from '../../src/core/viewer.ts'
import { createDispatcher } from '../dispatch.ts'
import type { Session } from '../session.ts'

const wipe: CallSpec = {
  summary: 'Something dangerous.',
  auth: 'user',
  stepUp: true,
  limit: { credits: 10, perMs: 1000 },
  errors: [],
  input: z.object({}),
  output: z.object({}),
}

/** A dispatcher with one dangerous call, and somebody who makes it. */
function setUp(viewer: Partial<Viewer>) {
  const confirmed = new Set<string>()
  const done: string[] = []
  const perform = async (session: Session) => {
    done.push(session.viewer.id)
    return {}
  }
  const limits = { take: async () => {} }
  const log = { debug() {}, info() {}, warn() {}, error() {}, child: () => log }
  const dispatcher = createDispatcher({
    calls: { wipe },
    handlers: { wipe: perform } as never,
    ...{ limits, ownLimits: limits, eventualLimits: limits },
    log: log as never,
    security: { note() {} },
    isConfirmed: async (id) => confirmed.has(id),
    nowMs: () => 0,
    observe() {},
  })
  const emitter = new EventEmitter()
  const socket = { conn: {}, onAny: (listener: (...args: unknown[]) => void) => emitter.on('call', listener) }
  dispatcher.attach({ socket, viewer } as never)
  const call = () => new Promise<Ack<unknown>>((resolve) => emitter.emit('call', 'wipe', {}, resolve))
  return { confirmed, done, call }
}

const account = { id: 'a1', handle: 'alice', displayName: 'Alice', role: 'member' } as const

test('a call that needs a step up is done only for a session that was confirmed lately', async () => {
  const { confirmed, done, call } = setUp({ id: 'a1', account, loginSessionId: 's1' } as Partial<Viewer>)
  confirmed.add('s2')
  expect(await call()).toMatchObject({ ok: false, error: { code: 'confirm_required', retry: false } })
  expect(done).toEqual([])
  confirmed.add('s1')
  expect(await call()).toEqual({ ok: true, data: {} })
  expect(done).toEqual(['a1'])
})

test('a call that needs a step up is refused where there is no login session to confirm', async () => {
  const { done, call } = setUp({ id: 'a1', account } as Partial<Viewer>)
  expect(await call()).toMatchObject({ ok: false, error: { code: 'confirm_required' } })
  expect(done).toEqual([])
})
