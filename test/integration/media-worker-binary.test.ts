import { execFileSync } from 'node:child_process'
import { chmodSync, copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import {
  createWorkerBinary,
  type Step,
  type WorkerBinaryDeps,
} from '../../media/worker-binary/worker-binary.ts'
import { readConfig } from '../../src/config.ts'
import { silentLog, until } from './media-harness/node.ts'

/** A binary that works on this machine. */
let real = ''
/** Where nothing listens. */
const NOWHERE = 'http://127.0.0.1:9/worker.tgz'
let root = ''

beforeAll(async () => {
  const config = readConfig({ MEDIASOUP_WORKER_BIN: process.env.MEDIASOUP_WORKER_BIN })
  await using binary = createWorkerBinary({ config, log: silentLog })
  real = await binary.obtain(() => undefined)
})
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'media-worker-binary-'))
})
afterEach(() => rmSync(root, { recursive: true, force: true }))

function make(settings: Record<string, string>, sources: WorkerBinaryDeps['sources'] = {}) {
  return createWorkerBinary({
    config: readConfig(settings),
    log: silentLog,
    cacheHome: root,
    sources: {
      installed: join(root, 'not-installed', 'worker', 'out', 'Release', 'mediasoup-worker'),
      version: '0.0.0',
      downloadUrl: NOWHERE,
      scriptDir: undefined,
      ...sources,
    },
  })
}

/** A folder with a script in the place of the one that compiles; `$2` is its output. */
function scriptDir(body: string): string {
  const dir = join(root, 'script')
  mkdirSync(dir, { recursive: true })
  writeFileSync(join(dir, 'build.sh'), `set -eu\n${body}\n`)
  return dir
}

test('a chosen binary that does not run is named, and nothing else is tried', async () => {
  await using binary = make({ MEDIASOUP_WORKER_BIN: '/bin/true' }, { installed: real })
  await expect(binary.obtain(() => undefined)).rejects.toThrow('MEDIASOUP_WORKER_BIN names /bin/true')
})

test('the binary that mediasoup installed is taken before any other', async () => {
  await using binary = make({}, { installed: real })
  expect(await binary.obtain(() => undefined)).toBe(real)
})

test('without a binary and with building forbidden the sentence says so', async () => {
  await using binary = make({ MEDIA_WORKER_BUILD: 'off' })
  await expect(binary.obtain(() => undefined)).rejects.toThrow('MEDIA_WORKER_BUILD=off')
})

test('the published binary is downloaded once and found in the cache from then on', async () => {
  copyFileSync(real, join(root, 'mediasoup-worker'))
  execFileSync('tar', ['-czf', join(root, 'worker.tgz'), '-C', root, 'mediasoup-worker'])
  let requests = 0
  const server = createServer((_request, response) => {
    requests++
    response.end(readFileSync(join(root, 'worker.tgz')))
  }).listen(0, '127.0.0.1')
  await until(() => server.listening, 'the server to listen')
  const downloadUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/worker.tgz`
  try {
    await using first = make({}, { downloadUrl })
    const path = await first.obtain(() => undefined)
    await using second = make({}, { downloadUrl })
    expect(await second.obtain(() => undefined)).toBe(path)
    expect(requests).toBe(1)
  } finally {
    server.close()
  }
})

test('where nothing can be downloaded the script compiles, and its progress is told', async () => {
  const dir = scriptDir(`echo '== Configuring'; echo '[1/2] a'; cp '${real}' "$2"; echo '[2/2] b'`)
  await using binary = make({}, { scriptDir: dir })
  const steps: Step[] = []
  const path = await binary.obtain((step) => steps.push(step))
  expect(path.startsWith(join(root, 'social-flow', 'media-worker', '0.0.0-'))).toBe(true)
  expect(steps.map(({ progress }) => progress)).toContain(1)
})

test('a broken binary in the cache is removed and made anew', async () => {
  const dir = scriptDir(`cp '${real}' "$2"`)
  await using first = make({}, { scriptDir: dir })
  const path = await first.obtain(() => undefined)
  // Another file in its place: the worker that it was tried with may still be ending, and what runs can't be written to.
  rmSync(path)
  writeFileSync(path, '#!/bin/sh\nexit 3\n')
  chmodSync(path, 0o755)
  await using second = make({}, { scriptDir: dir })
  expect(await second.obtain(() => undefined)).toBe(path)
  expect(readFileSync(path).equals(readFileSync(real))).toBe(true)
})

test('two processes that need a binary at once compile it once', async () => {
  const dir = scriptDir(`echo run >> '${join(root, 'runs')}'; sleep 1; cp '${real}' "$2"`)
  await using first = make({}, { scriptDir: dir })
  await using second = make({}, { scriptDir: dir })
  const paths = await Promise.all([first.obtain(() => undefined), second.obtain(() => undefined)])
  expect(paths[0]).toBe(paths[1])
  expect(readFileSync(join(root, 'runs'), 'utf8')).toBe('run\n')
})

test('what stopped the script reaches whoever waits', async () => {
  await using binary = make({}, { scriptDir: scriptDir("echo '!! Something is missing: g++'; exit 1") })
  await expect(binary.obtain(() => undefined)).rejects.toThrow('Something is missing: g++')
})

test('disposal ends the compilers and gives the lock back', async () => {
  const pidFile = join(root, 'pid')
  const dir = scriptDir(`sleep 600 & echo $! > '${pidFile}'; wait`)
  const binary = make({}, { scriptDir: dir })
  const obtained = binary.obtain(() => undefined)
  obtained.catch(() => undefined)
  await until(() => readText(pidFile) !== '', 'the compiler to start')
  await binary[Symbol.asyncDispose]()
  await expect(obtained).rejects.toThrow('shutting down')
  const pid = Number(readText(pidFile))
  await until(() => !isAlive(pid), 'the compiler to be gone')
  // The next one finds no lock in its way.
  await using next = make({}, { scriptDir: scriptDir(`cp '${real}' "$2"`) })
  const path = await next.obtain(() => undefined)
  expect(dirname(path)).toContain('media-worker')
})

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8').trim()
  } catch {
    return ''
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    // A killed child of the dead script stays a zombie until somebody reaps it.
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'))
  } catch {
    return false
  }
}
