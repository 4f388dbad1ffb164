import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sleep } from '../../src/core/time.ts'
import { familyOf, pssBytesOf } from './measure/proc.ts'

/**
 * How long the server needs to its first page on an empty DATA_DIR, how long the second time, and the memory that it and
 * its children (database, SFU workers) hold at rest. Packages and build are there already: `npm start` prints their time.
 */

const STARTS = 5
/** After this the first garbage is collected and the pools are idle. */
const REST_MS = 8000
const BYTES_PER_MB = 2 ** 20

type Started = { child: ChildProcess; url: string; tookMs: number }

export async function run() {
  const dir = await mkdtemp(join(tmpdir(), 'social-flow-bench-'))
  try {
    const first = await start(dir)
    await end(first.child)
    const again: number[] = []
    let restMb = 0
    for (let i = 0; i < STARTS; i++) {
      const next = await start(dir)
      again.push(next.tookMs)
      if (i === STARTS - 1) {
        await sleep(REST_MS)
        restMb = await proportionalMemoryMb(next.child.pid ?? 0)
      }
      await end(next.child)
    }
    again.sort((a, b) => a - b)
    const secondMs = again[Math.floor(again.length / 2)] ?? Number.NaN
    const figures = { firstMs: first.tookMs, secondMs, secondMaxMs: again.at(-1) ?? Number.NaN, restMb }
    const notes = ['firstMs and secondMs: from the start of the process to the answered home page.']
    return { ok: true, figures, notes }
  } finally {
    await rm(dir, { recursive: true, force: true })
  }
}

async function start(dir: string): Promise<Started> {
  const startedAtMs = performance.now()
  const child = fork('dist/server/main.js', {
    env: {
      ...process.env,
      DATA_DIR: dir,
      HOST: '127.0.0.1',
      PORT: '0',
      MEDIA_PORT: '0',
      MEDIA_LISTEN_IP: '127.0.0.1',
      LOG_LEVEL: 'error',
    },
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  })
  const [{ httpPort }] = (await once(child, 'message')) as [{ httpPort: number }]
  const url = `http://127.0.0.1:${httpPort}/`
  const response = await fetch(url, { headers: { accept: 'text/html' } })
  if (!response.ok) throw new Error(`The home page answered ${response.status}.`)
  await response.text()
  return { child, url, tookMs: Math.round(performance.now() - startedAtMs) }
}

async function end(child: ChildProcess): Promise<void> {
  const exit = once(child, 'exit')
  child.kill('SIGTERM')
  await exit
}

/** PSS of a process and all its descendants: shared pages count once over all who share them. */
async function proportionalMemoryMb(rootPid: number): Promise<number> {
  const family = await familyOf(rootPid)
  // One that ends meanwhile holds nothing any more.
  const sizes = await Promise.all(family.map((pid) => pssBytesOf(pid).catch(() => 0)))
  return Math.round(sizes.reduce((sum, bytes) => sum + bytes, 0) / BYTES_PER_MB)
}
