import { fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, inject, test } from 'vitest'
import { sleep } from '../../src/core/time.ts'
import { openDatabase } from '../../src/infra/db.ts'
import { createLog } from '../../src/infra/log/log.ts'
import { freePort } from '../support/free-port.ts'
import { SERVER_BUNDLE } from '../support/postgres.ts'

/** A second Ctrl-C within half a second counts as the first one come twice. */
const PRESS_AGAIN_MS = 700

/** A way to the database that can fall silent: connections stay, and nothing passes any more. */
async function silenceableWay(port: number) {
  const sockets = new Set<Socket>()
  let isSilent = false
  let connections = 0
  const server = createServer((near) => {
    connections++
    const far = connect(port, '127.0.0.1')
    for (const [one, other] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(one)
      one.on('error', () => {})
      one.on('data', (bytes) => {
        if (!isSilent) other.write(bytes)
      })
    }
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    port: (server.address() as AddressInfo).port,
    connections: () => connections,
    /** From now on nothing passes. */
    silence() {
      isSilent = true
    },
    /** Nobody new is let in; who is there stays. */
    close: () => void server.close(),
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy()
      server.close()
    },
  }
}

const through = (url: string, port: number) => Object.assign(new URL(url), { port: String(port) }).toString()

test('whether the database answers is known in time, though its connection says nothing, and the process lives on', async () => {
  const { appUrl } = inject('postgres')
  await using way = await silenceableWay(Number(new URL(appUrl).port))
  const log = createLog({ LOG_LEVEL: 'silent' })
  const db = openDatabase({ url: through(appUrl, way.port), pool: 1, log })
  const errors: unknown[] = []
  const note = (error: unknown) => void errors.push(error)
  process.on('unhandledRejection', note)
  await db.ping(10_000)
  way.silence()
  way.close()
  await expect(db.ping(200)).rejects.toThrow('within 200 ms')
  // Whatever was begun besides has failed by now.
  await sleep(200)
  process.off('unhandledRejection', note)
  expect(errors).toEqual([])
  await way[Symbol.asyncDispose]()
  await db[Symbol.asyncDispose]()
})

test('a start that waits for a silent database ends at the second Ctrl-C', async () => {
  await using way = await silenceableWay(1)
  way.silence()
  const dir = await mkdtemp(join(tmpdir(), 'social-flow-silent-'))
  const child = fork(SERVER_BUNDLE, {
    env: {
      PATH: process.env.PATH,
      DATA_DIR: dir,
      PORT: String(await freePort()),
      ROLES: 'http',
      DATABASE_URL: `postgres://flow@127.0.0.1:${way.port}/flow`,
    },
    stdio: 'ignore',
  })
  const exit = once(child, 'exit')
  while (way.connections() === 0) await sleep(20)
  child.kill('SIGINT')
  await sleep(PRESS_AGAIN_MS)
  child.kill('SIGINT')
  expect(await exit).toEqual([130, null])
  await rm(dir, { recursive: true })
})
