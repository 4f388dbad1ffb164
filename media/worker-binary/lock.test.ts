import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { hostname, tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { takeLock } from './lock.ts'

let root = ''
let lock = ''
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'media-worker-lock-'))
  lock = join(root, 'lock')
})
afterEach(() => rmSync(root, { recursive: true }))

const never = new AbortController().signal
const holdAs = (owner: object) => {
  mkdirSync(lock)
  writeFileSync(join(lock, 'owner'), JSON.stringify(owner))
}

test('the second waits until the first gives the lock back', async () => {
  const order: string[] = []
  const first = await takeLock(lock, { onWait: () => order.push('first waits'), signal: never })
  const second = takeLock(lock, { onWait: () => order.push('second waits'), signal: never }).then((held) => {
    order.push('second holds')
    return held
  })
  while (order.length === 0) await new Promise((resolve) => setTimeout(resolve, 5))
  order.push('first gives back')
  await first[Symbol.asyncDispose]()
  await (await second)[Symbol.asyncDispose]()
  expect(order).toEqual(['second waits', 'first gives back', 'second holds'])
})

test('the lock of a process that has died is taken over without waiting', async () => {
  const { pid } = spawnSync('true')
  holdAs({ pid, host: hostname() })
  const waited: string[] = []
  const held = await takeLock(lock, { onWait: () => waited.push('waited'), signal: never })
  await held[Symbol.asyncDispose]()
  expect(waited).toEqual([])
})

test('an owner on another machine that has not been seen for long is given up', async () => {
  holdAs({ pid: 1, host: 'another-machine' })
  const longAgo = new Date(Date.now() - 3_600_000)
  utimesSync(join(lock, 'owner'), longAgo, longAgo)
  const held = await takeLock(lock, { onWait: () => undefined, signal: never })
  await held[Symbol.asyncDispose]()
})

test('waiting ends when it is no longer wanted', async () => {
  holdAs({ pid: process.pid, host: hostname() })
  const ending = new AbortController()
  const waiting = takeLock(lock, { onWait: () => ending.abort(new Error('stopped')), signal: ending.signal })
  await expect(waiting).rejects.toThrow('stopped')
})
