import { fork } from 'node:child_process'
import { once } from 'node:events'
import { connect } from 'node:net'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { sleep } from '../../src/core/time.ts'
import { connectTo, type EngineUnderTest, networkOf, startEngine } from '../support/engines.ts'
import { until } from '../support/until.ts'

/** Of a message that a room of these tests is sent. */
const MESSAGE = 'x'.repeat(1000)
/** More than the kernel keeps for a reader that does not read (some megabytes), and the engine's limit. */
const FLOOD_MESSAGES = 40_000
/** What the kernel and the engine's limit hold together, generously. */
const HELD_MESSAGES_MAX = 20_000

/** Numbered messages to the room, as fast as everybody who reads can take them. */
async function flood({ io }: EngineUnderTest, count: number): Promise<void> {
  for (let i = 0; i < count; i++) {
    io.to('room').emit('message', i, MESSAGE)
    if (i % 100 === 99) await sleep(1)
  }
}

async function reader(server: EngineUnderTest) {
  const socket = await connectTo(server)
  const got: number[] = []
  socket.on('message', (i: number) => void got.push(i))
  await socket.emitWithAck('enter', 'room')
  return { socket, got }
}

const numbers = (count: number) => Array.from({ length: count }, (_, i) => i)

describe.each(['uws', 'ws'] as const)('a reader that stops reading, on %s', (name) => {
  test('is closed before much is kept for it, others get everything, and it saw no hole', async () => {
    await using server = await startEngine(name)
    const [slow, quick] = [await reader(server), await reader(server)]
    networkOf(slow.socket).pause()
    let sentAtClose = 0
    const isGone = () => server.io.of('/').sockets.size === 1
    for (let i = 0; i < FLOOD_MESSAGES; i++) {
      server.io.to('room').emit('message', i, MESSAGE)
      if (i % 100 === 99) await sleep(1)
      if (sentAtClose === 0 && isGone()) sentAtClose = i
    }
    expect(sentAtClose).toBeGreaterThan(0)
    expect(sentAtClose).toBeLessThan(HELD_MESSAGES_MAX)
    await until('the quick one to have it all', () => quick.got.length === FLOOD_MESSAGES)
    expect(quick.got).toEqual(numbers(FLOOD_MESSAGES))
    networkOf(slow.socket).resume()
    await until('the slow one to be out', () => !slow.socket.connected)
    expect(slow.got).toEqual(numbers(slow.got.length))
    quick.socket.close()
  })

  test('that was a moment late only is not closed', async () => {
    await using server = await startEngine(name)
    const late = await reader(server)
    networkOf(late.socket).pause()
    await flood(server, 100)
    await sleep(1500)
    networkOf(late.socket).resume()
    await until('all of it', () => late.got.length === 100)
    expect(server.slow).toBe(0)
    late.socket.close()
  })
})

test('without the repair of uWebSockets.js it stays and silently misses messages', async () => {
  await using server = await startEngine('uws', 'bare')
  const slow = await reader(server)
  networkOf(slow.socket).pause()
  await flood(server, FLOOD_MESSAGES)
  networkOf(slow.socket).resume()
  let hasHeard = false
  slow.socket.on('later', () => {
    hasHeard = true
  })
  await until('it to hear something again', () => {
    server.io.to('room').emit('later')
    return hasHeard
  })
  expect(slow.socket.connected).toBe(true)
  expect(slow.got.length).toBeLessThan(FLOOD_MESSAGES)
  slow.socket.close()
})

test('without the bound of ws everything is kept for it', async () => {
  await using server = await startEngine('ws', 'bare')
  const slow = await reader(server)
  networkOf(slow.socket).pause()
  await flood(server, FLOOD_MESSAGES)
  const [kept] = Object.values((server.io.engine as unknown as { clients: Record<string, object> }).clients)
  const { writeBuffer } = kept as { writeBuffer: unknown[] }
  expect(server.io.of('/').sockets.size).toBe(1)
  expect(writeBuffer.length).toBeGreaterThan(FLOOD_MESSAGES / 2)
  networkOf(slow.socket).resume()
  slow.socket.close()
})

describe('who leaves a namespace and keeps the connection', () => {
  async function heardAfterLeaving(kind: 'repaired' | 'bare'): Promise<number> {
    await using server = await startEngine('uws', kind)
    server.io.of('/two').on('connection', (socket) => void socket.join('secret'))
    const main = await connectTo(server)
    const two = main.io.socket('/two')
    await until('the second namespace', () => two.connected)
    let heard = 0
    main.io.engine.on('packet', ({ data }: { data?: unknown }) => {
      if (String(data).includes('leak')) heard++
    })
    server.io.of('/two').to('secret').emit('leak')
    await until('what is for members', () => heard === 1)
    two.disconnect()
    await until('the leave', () => server.io.of('/two').sockets.size === 0)
    server.io.of('/two').to('secret').emit('leak')
    server.io.of('/two').emit('leak')
    // Answered after what was sent before.
    await main.emitWithAck('enter', 'room')
    main.close()
    return heard - 1
  }

  test('hears nothing more of it', async () => expect(await heardAfterLeaving('repaired')).toBe(0))
  test('goes on hearing all of it without the repair', async () =>
    expect(await heardAfterLeaving('bare')).toBe(2))
})

describe('clients that hang up while a check of their handshake runs', () => {
  async function exitCode(kind: 'repaired' | 'bare'): Promise<number | null> {
    const script = join(import.meta.dirname, '../support/hang-up.ts')
    const child = fork(script, [kind], { execArgv: ['--import', 'tsx'], stdio: 'ignore' })
    const [code] = (await once(child, 'exit')) as [number | null]
    return code
  }

  test('leave the process standing', async () => expect(await exitCode('repaired')).toBe(0))
  test('end it without the repair', async () => expect(await exitCode('bare')).not.toBe(0))
})

describe('a closed engine', () => {
  async function isOpenAfterClose(kind: 'repaired' | 'bare'): Promise<boolean> {
    const server = await startEngine('uws', kind)
    await server.close()
    return new Promise((resolve) => {
      const socket = connect(server.port, '127.0.0.1', () => {
        socket.destroy()
        resolve(true)
      })
      socket.on('error', () => resolve(false))
    })
  }

  test('has left its port', async () => expect(await isOpenAfterClose('repaired')).toBe(false))
  test('keeps it open without the repair', async () => expect(await isOpenAfterClose('bare')).toBe(true))
})

describe.each(['uws', 'ws'] as const)('publishing to a room on %s', (name) => {
  test('reaches its members once each and nobody else, and is encoded once however many they are', async () => {
    await using server = await startEngine(name)
    const encodings = { count: 0 }
    const payload = { toJSON: () => ({ nth: ++encodings.count }) }
    const members = [await reader(server)]
    const outsider = await connectTo(server)
    const heard = { members: 0, outsider: 0 }
    outsider.on('word', () => void heard.outsider++)
    members[0]?.socket.on('word', () => void heard.members++)
    server.engine?.publish('room', 'word', payload)
    await until('one to hear it', () => heard.members === 1)
    const forOne = encodings.count
    for (let i = 0; i < 19; i++) {
      const member = await reader(server)
      member.socket.on('word', () => void heard.members++)
      members.push(member)
    }
    server.engine?.publish('room', 'word', payload)
    await until('all to hear it', () => heard.members === 21)
    expect(encodings.count).toBe(2 * forOne)
    await outsider.emitWithAck('enter', 'another')
    expect(heard).toEqual({ members: 21, outsider: 0 })
    for (const { socket } of [...members, { socket: outsider }]) socket.close()
  })
})
